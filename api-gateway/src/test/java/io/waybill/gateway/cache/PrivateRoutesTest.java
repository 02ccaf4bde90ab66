package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.Operation;
import io.waybill.gateway.Operation.Waiting;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.pattern.PathPatternParser;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PrivateRoutesTest {

    private static final Operation ORDER = operation("/api/orders/{id}");
    private static final CacheRequest CUSTOMER = request("Authorization", "Bearer a");

    private final PrivateRoutes routes = new PrivateRoutes();

    @Test
    void a_route_is_private_after_a_hundred_private_answers_in_a_row() {
        learn(99, "private, no-cache");
        assertThat(isOne(ORDER, CUSTOMER)).isFalse();

        learn(1, "private, no-cache");

        assertThat(isOne(ORDER, CUSTOMER)).isTrue();
        assertThat(isOne(operation("/api/orders"), CUSTOMER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"public, max-age=5", "s-maxage=5", "private=\"x-user\", s-maxage=5"})
    void one_answer_that_may_be_kept_ends_it(String cacheControl) {
        learn(100, "private, no-cache");

        learn(1, cacheControl);

        assertThat(isOne(ORDER, CUSTOMER)).isFalse();
    }

    @Test
    void a_failure_says_nothing_about_it() {
        learn(100, "private, no-cache");

        routes.learn(ORDER, CUSTOMER, CachePolicy.of(500, HeaderLines.of()));

        assertThat(isOne(ORDER, CUSTOMER)).isTrue();
    }

    @Test
    void it_is_only_for_those_who_say_who_they_are_and_nothing_about_caches() {
        learn(100, "private, no-cache");

        assertThat(isOne(ORDER, request())).isFalse();
        assertThat(isOne(ORDER, request("Authorization", "Bearer a", "Cache-Control", "only-if-cached")))
                .isFalse();
        assertThat(isOne(ORDER, request("Authorization", "Bearer a", "Pragma", "no-cache")))
                .isFalse();
    }

    @Test
    void it_is_only_for_reading() {
        learn(100, "private, no-cache");
        var headers = new HttpHeaders();
        headers.set("Authorization", "Bearer a");

        assertThat(routes.isOne(ORDER, HttpMethod.HEAD, headers)).isTrue();
        assertThat(routes.isOne(ORDER, HttpMethod.POST, headers)).isFalse();
    }

    @Test
    void nothing_is_learnt_from_answers_to_others() {
        for (int i = 0; i < 100; i++) {
            routes.learn(ORDER, request(), policy("private"));
        }

        assertThat(isOne(ORDER, CUSTOMER)).isFalse();
    }

    private boolean isOne(Operation operation, CacheRequest request) {
        var headers = new HttpHeaders();
        request.headers().lines().forEach(line -> headers.add(line.name(), line.value()));
        return routes.isOne(operation, HttpMethod.GET, headers);
    }

    private void learn(int times, String cacheControl) {
        for (int i = 0; i < times; i++) {
            routes.learn(ORDER, CUSTOMER, policy(cacheControl));
        }
    }

    private static CachePolicy policy(String cacheControl) {
        return CachePolicy.of(200, HeaderLines.of("Cache-Control", cacheControl));
    }

    private static CacheRequest request(String... headers) {
        return new CacheRequest("GET", URI.create("http://localhost/api/orders/o-1"), HeaderLines.of(headers));
    }

    private static Operation operation(String path) {
        return new Operation.ToContext(
                Set.of(HttpMethod.GET),
                PathPatternParser.defaultInstance.parse(path),
                BoundedContext.ORDER,
                Waiting.BOUNDED);
    }
}
