package io.waybill.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.waybill.gateway.ProblemCode;
import io.waybill.security.ApiDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A lint of the merged document. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static final ObjectNode DOCUMENT =
            MergedDocument.of(Stream.of("gateway", "order", "payment", "inventory", "shipping", "administration")
                    .map(ApiDocument::named)
                    .toList());

    private record Described(String name, String path, JsonNode pathItem, JsonNode operation) {}

    @Test
    void it_is_openapi_31_with_a_license_and_a_server() {
        assertThat(DOCUMENT.path("openapi").asText()).startsWith("3.1.");
        assertThat(DOCUMENT.at("/info/license/identifier").asText()).isEqualTo("Apache-2.0");
        assertThat(DOCUMENT.path("servers")).isNotEmpty();
        assertThat(operations()).hasSizeGreaterThanOrEqualTo(29);
    }

    @Test
    void every_operation_has_an_id_of_its_own_a_summary_and_a_known_tag() {
        assertThat(operations().map(it -> it.operation().path("operationId").asText()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z][A-Za-z]+"));
        var tags = new HashSet<>(DOCUMENT.path("tags").findValuesAsText("name"));
        assertThat(tags).hasSameSizeAs(DOCUMENT.path("tags"));
        assertThat(operations()).allSatisfy(it -> {
            assertThat(it.operation().path("summary").asText()).as(it.name()).isNotBlank();
            assertThat(it.operation().path("tags"))
                    .as(it.name())
                    .isNotEmpty()
                    .allSatisfy(tag -> assertThat(tags).contains(tag.asText()));
        });
    }

    @Test
    void every_operation_says_who_may_and_asks_them_for_a_token() {
        assertThat(operations()).allSatisfy(it -> {
            var access = it.operation().path("x-waybill-access").asText();
            assertThat(access).as(it.name()).isIn("anyone", "customer", "owner", "operator");
            var answers = it.operation().path("responses");
            if (access.equals("anyone")) {
                assertThat(it.operation().path("security")).as(it.name()).isEmpty();
                assertThat(it.operation().has("security")).as(it.name()).isTrue();
            } else {
                assertThat(it.operation().at("/security/0/bearer").isArray())
                        .as(it.name())
                        .isTrue();
                assertThat(answers.has("401") && answers.has("403"))
                        .as(it.name())
                        .isTrue();
            }
            assertThat(answers.has("default")).as(it.name()).isTrue();
        });
    }

    @Test
    void who_sends_something_is_told_when_it_is_wrong() {
        assertThat(operations().filter(it -> it.operation().has("requestBody"))).allSatisfy(it -> {
            assertThat(it.operation().at("/responses/400").isMissingNode())
                    .as(it.name())
                    .isFalse();
            assertThat(it.operation()
                            .at("/requestBody/content/application~1json/example")
                            .isMissingNode())
                    .as(it.name())
                    .isFalse();
        });
    }

    @Test
    void the_variables_of_a_path_are_described() {
        assertThat(operations()).allSatisfy(it -> {
            var described = new TreeSet<String>();
            for (var parameters :
                    List.of(it.pathItem().path("parameters"), it.operation().path("parameters"))) {
                for (var parameter : parameters) {
                    var resolved = resolve(parameter);
                    if (resolved.path("in").asText().equals("path")) {
                        described.add(resolved.path("name").asText());
                        assertThat(resolved.path("required").asBoolean()).isTrue();
                        assertThat(resolved.has("example")).as(it.name()).isTrue();
                    }
                }
            }
            var used = new TreeSet<String>();
            Pattern.compile("\\{([^}]+)}")
                    .matcher(it.path())
                    .results()
                    .forEach(variable -> used.add(variable.group(1)));
            assertThat(described).as(it.name()).isEqualTo(used);
        });
    }

    @Test
    void every_reference_leads_somewhere_and_everything_shared_is_used() {
        var references = new HashSet<>(DOCUMENT.findValuesAsText("$ref"));

        assertThat(references)
                .allSatisfy(reference -> assertThat(
                                DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        for (var kind : DOCUMENT.path("components").properties()) {
            if (!kind.getKey().equals("securitySchemes")) {
                for (var member : kind.getValue().properties()) {
                    assertThat(references).contains("#/components/" + kind.getKey() + "/" + member.getKey());
                }
            }
        }
    }

    @Test
    void every_example_is_as_its_schema_says() {
        var checked = new ArrayList<String>();
        checkExamples("", DOCUMENT, checked);

        assertThat(checked).hasSizeGreaterThan(30);
    }

    @Test
    void every_problem_has_its_code_written_down_and_the_gateway_has_no_others() {
        Set<String> documented = codes();

        assertThat(documented)
                .containsAll(Arrays.stream(ProblemCode.values()).map(Enum::name).toList());
        for (var member : DOCUMENT.findParents("x-waybill-codes")) {
            assertThat(member.at("/content/application~1problem+json/schema").isMissingNode())
                    .isFalse();
        }
    }

    @Test
    void every_operation_may_be_refused_by_the_gateway_in_front_of_it() {
        assertThat(operations()).allSatisfy(it -> {
            assertThat(codes(it, "400")).as(it.name()).contains("BAD_REQUEST");
            assertThat(codes(it, "414")).as(it.name()).containsExactly("TARGET_TOO_LONG");
            assertThat(codes(it, "429"))
                    .as(it.name())
                    .isEqualTo(
                            it.path().endsWith("/updates")
                                    ? List.of("RATE_LIMITED", "TOO_MANY_OWN_STREAMS")
                                    : List.of("RATE_LIMITED"));
            assertThat(codes(it, "431")).as(it.name()).containsExactly("HEADERS_TOO_LARGE");
            assertThat(codes(it, "503")).as(it.name()).contains("OVERLOADED", "TEMPORARILY_UNAVAILABLE");
            if (it.operation().has("requestBody")) {
                assertThat(codes(it, "413")).as(it.name()).containsExactly("BODY_TOO_LARGE");
            }
            if (isAnsweredByAContext(it)) {
                assertThat(codes(it, "503")).as(it.name()).contains("CONTEXT_UNAVAILABLE");
                assertThat(codes(it, "504")).as(it.name()).containsExactly("CONTEXT_TIMEOUT", "NOT_STORED");
            }
        });
        assertThat(DOCUMENT.has(InFront.MEMBER)).isFalse();
    }

    @Test
    void who_shall_come_again_is_told_when() {
        assertThat(operations())
                .allSatisfy(it -> assertThat(List.of("429", "503"))
                        .allSatisfy(status -> assertThat(
                                        answer(it, status).path("headers").has("Retry-After"))
                                .as(it.name())
                                .isTrue()));
    }

    @Test
    void answers_say_what_is_left_and_whether_the_cache_gave_them() {
        assertThat(operations()).allSatisfy(it -> {
            for (var answer : it.operation().path("responses").properties()) {
                if (!Set.of("401", "403", "414", "431", "503").contains(answer.getKey())) {
                    assertThat(resolve(answer.getValue()).path("headers").has("RateLimit"))
                            .as(it.name() + " " + answer.getKey())
                            .isTrue();
                }
            }
            if (it.name().startsWith("get")) {
                assertThat(answer(it, "200").path("headers").has("Cache-Status"))
                        .as(it.name())
                        .isEqualTo(isAnsweredByAContext(it)
                                && !it.path().startsWith("/api/admin/p")
                                && !it.path().endsWith("/updates"));
            }
        });
    }

    @Test
    void what_a_context_keeps_to_itself_is_left_out() {
        assertThat(DOCUMENT.toString()).doesNotContain("/sandbox/");
    }

    private static boolean isAnsweredByAContext(Described operation) {
        return !ApiDocument.named("gateway").content().path("paths").has(operation.path());
    }

    private static List<String> codes(Described operation, String status) {
        var codes = new ArrayList<String>();
        answer(operation, status).path("x-waybill-codes").forEach(code -> codes.add(code.asText()));
        return codes;
    }

    private static JsonNode answer(Described operation, String status) {
        return resolve(operation.operation().path("responses").path(status));
    }

    static Set<String> codes() {
        var codes = new TreeSet<String>();
        DOCUMENT.findValues("x-waybill-codes").forEach(list -> list.forEach(code -> codes.add(code.asText())));
        return codes;
    }

    private static void checkExamples(String place, JsonNode node, List<String> checked) {
        if (node.has("schema") && node.has("example")) {
            check(place, node.get("schema"), node.get("example"));
            checked.add(place);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            checkExamples(place + "/" + member.getKey(), member.getValue(), checked);
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkExamples(place + "/" + i, node.get(i), checked);
            }
        }
    }

    private static void check(String place, JsonNode schema, JsonNode example) {
        var whole = new ObjectMapper().createObjectNode();
        whole.set("components", DOCUMENT.get("components"));
        whole.putArray("allOf").add(schema);
        var problems = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole)
                .validate(example);
        assertThat(problems).as(place).isEmpty();
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static Stream<Described> operations() {
        return DOCUMENT.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .map(member -> new Described(
                                member.getKey() + " " + path.getKey(),
                                path.getKey(),
                                path.getValue(),
                                member.getValue())));
    }
}
