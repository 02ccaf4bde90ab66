package io.waybill.acceptance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.acceptance.fuzz.Wire.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JudgeTest {

    private static final FuzzedRequest REQUEST =
            new FuzzedRequest(1, "GET", "/api/gifts?x", "GET /api/gifts?x HTTP/1.1\r\n\r\n", true);

    private static final String DOCUMENT = """
        {"paths": {"/api/gifts": {"get": {"operationId": "list", "responses": {
          "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gifts"}}}},
          "404": {"x-waybill-codes": ["NO_GIFTS"]}, "default": {"x-waybill-codes": ["INTERNAL"]}}}},
          "/api/other": {"get": {"operationId": "other", "responses": {"404": {"x-waybill-codes": ["OTHER"]}}}}},
         "components": {"schemas": {"Gifts": {"type": "object", "required": ["items"]}}}}
        """;

    @Test
    void what_is_documented_is_right() {
        assertThat(complaint(200, "application/json", "{\"items\":[\"waybill.order.OrderPlaced.v1\"]}"))
                .isEmpty();
        assertThat(problem(404, "NO_GIFTS", "no gift")).isEmpty();
    }

    @Test
    void an_answer_is_of_the_documented_form() {
        assertThat(complaint(200, "application/json", "{\"item\":1}")).contains("is not of the documented form");
        assertThat(complaint(200, "application/json", "{")).contains("is not of the documented form");
    }

    @Test
    void a_failure_is_wrong_even_if_it_is_documented() {
        assertThat(problem(500, "INTERNAL", "our mistake")).contains("is a failure: INTERNAL");
    }

    @Test
    void of_a_failure_without_a_document_only_one_that_was_asked_for_is_right() {
        var reply = new Reply(504, List.of("content-type: application/problem+json"), "");

        assertThat(complaint(head(""), reply)).contains("is a failure");
        assertThat(complaint(head("Cache-Control: only-if-cached\r\n"), reply)).isEmpty();
    }

    private static FuzzedRequest head(String lines) {
        return new FuzzedRequest(1, "HEAD", "/api/gifts", "HEAD /api/gifts HTTP/1.1\r\n" + lines + "\r\n", true);
    }

    @Test
    void what_is_replayed_is_away_only_where_the_document_says_so() {
        assertThat(problem(503, "READ_MODEL_REBUILDING", "come again")).isNotEmpty();
    }

    @Test
    void a_code_of_another_operation_is_wrong() {
        assertThat(problem(404, "OTHER", "")).contains("has a code that the document does not name: OTHER");
    }

    @Test
    void a_refusal_is_a_problem_document() {
        assertThat(complaint(400, "text/html", "<h1>Bad Request</h1>")).contains("is no problem document");
        assertThat(complaint(404, "application/problem+json", "{\"status\":400}"))
                .contains("is no problem document");
        assertThat(complaint(404, "application/problem+json", "")).contains("is no problem document");
        assertThat(complaint(302, "text/plain", "")).contains("is neither an answer nor a problem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at io.waybill.order.web.Orders.list(Orders.java:12)",
                "Cannot construct instance of io.waybill.kernel.Quantity",
                "java.lang.IllegalStateException",
                "NumberFormatException: For input string",
                "bad SQL grammar",
                "select id from orders where",
                "violates unique constraint"
            })
    void an_answer_tells_no_insides(String insides) {
        assertThat(problem(404, "NO_GIFTS", insides)).contains("tells insides");
    }

    private static Optional<String> problem(int status, String code, String detail) {
        return complaint(
                status,
                "application/problem+json",
                "{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}".formatted(status, code, detail));
    }

    private static Optional<String> complaint(int status, String type, String body) {
        return complaint(REQUEST, new Reply(status, List.of("content-type: " + type), body));
    }

    private static Optional<String> complaint(FuzzedRequest request, Reply reply) {
        try {
            return new Judge(new Grammar(new ObjectMapper().readTree(DOCUMENT))).complaint(request, reply);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
