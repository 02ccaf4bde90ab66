package io.waybill.acceptance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GeneratorTest {

    private static final String DOCUMENT = """
        {"paths": {
          "/api/gifts": {"post": {"operationId": "wrap", "x-waybill-access": "customer", "tags": ["gifts"],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {
              "ribbon": {"type": "string", "minLength": 3}, "layers": {"type": "integer", "minimum": 2}}}}}}}},
          "/api/gifts/{gift}": {"get": {"operationId": "peek", "x-waybill-access": "owner", "tags": ["gifts"],
            "parameters": [{"$ref": "#/components/parameters/Gift"}]}}},
         "components": {"parameters": {"Gift": {
           "name": "gift", "in": "path", "schema": {"type": "string", "pattern": "^g-[0-9]$"}, "example": "g-1"}}}}
        """;

    @Test
    void a_request_follows_from_seed_and_number() throws Exception {
        assertThat(requests(7)).isEqualTo(requests(7)).isNotEqualTo(requests(8));
    }

    @Test
    void every_operation_of_the_document_is_asked_for_in_many_ways() throws Exception {
        List<FuzzedRequest> requests = requests(7);
        assertThat(requests)
                .anyMatch(it -> it.says("POST /api/gifts ") && it.says("{\"ribbon\":\"xxx\",\"layers\":2}"));
        assertThat(requests).anyMatch(it -> it.says("POST /api/gifts ") && it.says("\"layers\":-0"));
        assertThat(requests).anyMatch(it -> it.says("GET /api/gifts/g-1 ") && it.says("Bearer $CUSTOMER_TOKEN\r"));
        assertThat(requests).anyMatch(it -> it.says("GET /api/gifts/%00 "));
        Set<String> different = requests.stream()
                .map(it -> it.template().replaceFirst("Fuzz: \\d+", ""))
                .collect(Collectors.toSet());
        assertThat(different).hasSizeGreaterThan(requests.size() / 4);
    }

    @Test
    void a_finding_can_be_pasted() {
        var request = new FuzzedRequest(1, "GET", "/", "GET /%\u0000\u00ff \"$OPERATOR_TOKEN\"\r\n", true);
        assertThat(request.pasteable("127.0.0.1", 8080))
                .isEqualTo("printf \"GET /\\045\\000\\377 \\042${OPERATOR_TOKEN}\\042\\r\\n\" | nc 127.0.0.1 8080");
    }

    private static List<FuzzedRequest> requests(long seed) throws Exception {
        JsonNode document = new ObjectMapper().readTree(DOCUMENT);
        var generator = new Generator(new Grammar(document), new Vocabulary(), seed);
        return LongStream.rangeClosed(1, 20_000).mapToObj(generator::request).toList();
    }
}
