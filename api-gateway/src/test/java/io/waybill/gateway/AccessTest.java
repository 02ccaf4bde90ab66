package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.Operation.ToContext;
import io.waybill.security.Access;
import io.waybill.security.ApiDocument;
import io.waybill.security.ApiDocument.ApiOperation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/** The table of what there is and who may, as the documents declare it, tried row by row. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AccessTest {

    private static final Map<String, String> SAMPLES =
            Map.of("context", "order", "sku", "MUG", "file", "page.js", "name", "order.tracking", "id", "7");

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.withoutCaller("--waybill.security.customer-role=customer");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<ApiOperation> operations() {
        return Stream.of("gateway", "order", "payment", "inventory", "shipping", "administration")
                .flatMap(name -> ApiDocument.named(name).operations().stream())
                .filter(operation -> !operation.internal());
    }

    static Stream<Arguments> table() {
        return operations()
                .flatMap(operation -> Stream.of(
                                List.<String>of(), List.of("nobody"), List.of("customer"), List.of("operator"))
                        .map(roles -> Arguments.of(operation.method(), operation.path(), operation.access(), roles)));
    }

    @ParameterizedTest(name = "{0} {1} is for {2}: {3}")
    @MethodSource("table")
    void everyone_may_what_the_documents_say_and_nothing_else(
            String method, String path, Access access, List<String> roles) {
        var status = statusOf(method, path, roles);

        if (isPermitted(access, roles)) {
            assertThat(status).isNotIn(401, 403);
        } else {
            assertThat(status).isEqualTo(roles.isEmpty() ? 401 : 403);
        }
        if (method.equals("GET") && !path.endsWith("/updates")) {
            assertThat(statusOf("HEAD", path, roles)).isEqualTo(status);
        }
    }

    private static int statusOf(String method, String path, List<String> roles) {
        var request = gateway.client().method(HttpMethod.valueOf(method)).uri(sample(path));
        if (!roles.isEmpty()) {
            request.header("Authorization", RunningGateway.ISSUER.token("cus_1", roles.getFirst()));
        }
        return request.exchange().returnResult(byte[].class).getStatus().value();
    }

    @Test
    void the_table_has_all_rows() {
        assertThat(table().count()).isEqualTo(4 * operations().count()).isGreaterThanOrEqualTo(4 * 29);
    }

    @Test
    void what_is_documented_is_on_the_surface_and_goes_where_it_belongs() {
        var surface = gateway.surface();
        for (var document : List.of("order", "payment", "inventory", "shipping")) {
            for (var operation : ApiDocument.named(document).operations()) {
                if (!operation.internal()) {
                    var found = surface.find(
                            HttpMethod.valueOf(operation.method()), PathContainer.parsePath(sample(operation.path())));
                    assertThat(((ToContext) found).context().id())
                            .as(operation.toString())
                            .isEqualTo(document);
                }
            }
        }
    }

    @Test
    void what_is_on_the_surface_is_documented() {
        var documented = operations().toList();
        assertThat(gateway.surface().all())
                .filteredOn(operation -> !operation.path().getPatternString().endsWith("/**"))
                .allSatisfy(operation -> assertThat(operation.methods())
                        .allSatisfy(method -> assertThat(documented)
                                .anyMatch(row -> row.method()
                                                .equals(method.equals(HttpMethod.HEAD) ? "GET" : method.name())
                                        && row.path().equals(operation.path().getPatternString()))));
    }

    @Test
    void a_route_that_nobody_has_documented_is_for_operators() {
        var undocumented = "/api/admin/order/unheard-of";

        gateway.client().get().uri(undocumented).exchange().expectStatus().isUnauthorized();
        gateway.client()
                .get()
                .uri(undocumented)
                .header("Authorization", RunningGateway.ISSUER.token("cus_1", "customer"))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void where_an_external_provider_keeps_the_accounts_there_are_none_here() {
        gateway.client()
                .post()
                .uri("/api/users/login")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("ACCOUNTS_ELSEWHERE");
    }

    @Test
    void those_who_may_not_are_told_so_in_a_problem_document() {
        gateway.client()
                .get()
                .uri("/api/admin/processors")
                .header("Authorization", RunningGateway.ISSUER.token("cus_1", "customer"))
                .exchange()
                .expectHeader()
                .valueEquals("WWW-Authenticate", "Bearer error=\"insufficient_scope\"")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("ACCESS_DENIED");
    }

    private static boolean isPermitted(Access access, List<String> roles) {
        return switch (access) {
            case ANYONE -> true;
            case CUSTOMER -> roles.contains("customer");
            case OWNER -> roles.contains("customer") || roles.contains("operator");
            case OPERATOR -> roles.contains("operator");
        };
    }

    private static String sample(String path) {
        var sample = path;
        for (var variable : SAMPLES.entrySet()) {
            sample = sample.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        return sample;
    }
}
