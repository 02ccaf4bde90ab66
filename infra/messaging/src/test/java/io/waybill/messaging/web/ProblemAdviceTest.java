package io.waybill.messaging.web;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.RejectionCode;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.SampleRejection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProblemAdviceTest {

    enum Refused implements RejectionCode {
        ODD(Kind.BAD_REQUEST),
        MISSING(Kind.NOT_FOUND),
        LATE(Kind.CONFLICT),
        SENSELESS(Kind.UNPROCESSABLE),
        AWAY(Kind.UNAVAILABLE);

        private final Kind kind;

        Refused(Kind kind) {
            this.kind = kind;
        }

        @Override
        public Kind kind() {
            return kind;
        }
    }

    private static final Map<String, Supplier<RuntimeException>> FAILURES = Map.of(
            "wrapped", () -> new CompletionException(new Rejection(SampleRejection.SHELF_UNKNOWN, "No such shelf.")),
            "guard", () -> new InvalidValueException("a shelf has a name"),
            "conflict", () -> new IllegalStateException(new ConcurrencyException("secret detail")),
            "away", () -> new AmqpConnectException(new IllegalStateException("secret detail")),
            "bug", () -> new IllegalStateException("secret detail"));

    record Wish(Quantity pieces, String name, Inner inner) {}

    record Inner(OrderId order) {}

    @RestController
    static class Failing {

        @GetMapping("/fail/{how}")
        void fail(@PathVariable String how) {
            throw Objects.requireNonNull(FAILURES.get(how)).get();
        }

        @GetMapping("/refuse/{code}")
        void refuse(@PathVariable Refused code) {
            throw new Rejection(code, "No.");
        }

        @GetMapping("/refuse-for-long")
        void refuseForLong(HttpServletResponse response) {
            response.setHeader("Retry-After", "60");
            throw new Rejection(Refused.AWAY, "Not now.");
        }

        @GetMapping("/public")
        void failAfterAll(HttpServletResponse response) {
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("CDN-Cache-Control", PublicAnswers.FOR_THE_GATEWAY);
            throw new IllegalStateException("while it was written");
        }

        @GetMapping("/number")
        void number(@RequestParam int limit) {}

        @PostMapping("/wishes")
        void wish(@RequestBody Wish wish) {}

        @PostMapping("/anything")
        void anything(@RequestBody JsonNode body) {}
    }

    private final ObjectMapper mapper = mapper();
    private final MockMvc web = MockMvcBuilders.standaloneSetup(new Failing())
            .setControllerAdvice(new ProblemAdvice())
            .setMessageConverters(new MappingJackson2HttpMessageConverter(mapper))
            .build();

    @Test
    void a_problem_in_the_midst_of_a_public_answer_is_for_nobody_else() throws Exception {
        web.perform(get("/public"))
                .andExpect(status().isInternalServerError())
                .andExpect(header().string("Cache-Control", "private, no-cache"))
                .andExpect(header().string("CDN-Cache-Control", "no-store"));
    }

    @Test
    void a_header_with_control_characters_is_no_mistake_of_ours() throws Exception {
        MockMvc behindFirewall = MockMvcBuilders.standaloneSetup(new Failing())
                .setControllerAdvice(new ProblemAdvice())
                .addFilters((request, response, chain) -> chain.doFilter(
                        new StrictHttpFirewall().getFirewalledRequest((HttpServletRequest) request), response))
                .build();
        behindFirewall
                .perform(post("/anything")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}")
                        .header("From", "\u0085"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("BAD_REQUEST"));
    }

    @ParameterizedTest
    @EnumSource(Refused.class)
    void a_rejection_tells_its_code_with_the_status_of_its_kind(Refused code) throws Exception {
        assertProblem(get("/refuse/" + code), code.kind().status(), code.name())
                .andExpect(jsonPath("$.detail").value("No."))
                .andExpect(jsonPath("$.instance").value("/refuse/" + code));
    }

    @ParameterizedTest
    @CsvSource({
        "wrapped, 404, SHELF_UNKNOWN",
        "guard, 400, INVALID_VALUE",
        "conflict, 503, CONFLICTING_CHANGES",
        "away, 503, TEMPORARILY_UNAVAILABLE",
        "bug, 500, INTERNAL_ERROR"
    })
    void every_failure_has_a_code_and_tells_nothing_of_the_inside(String how, int status, String code)
            throws Exception {
        assertProblem(get("/fail/" + how), status, code).andExpect(content().string(not(containsString("secret"))));
    }

    @Test
    void who_may_try_again_is_told_when() throws Exception {
        assertProblem(get("/fail/away"), 503, "TEMPORARILY_UNAVAILABLE").andExpect(header().exists("Retry-After"));
        assertProblem(get("/refuse/AWAY"), 503, "AWAY").andExpect(header().exists("Retry-After"));
    }

    @Test
    void who_may_try_again_is_told_once_when() throws Exception {
        assertProblem(get("/refuse-for-long"), 503, "AWAY").andExpect(header().stringValues("Retry-After", "60"));
    }

    @Test
    void the_gateway_is_told_what_is_no_failure() throws Exception {
        assertProblem(get("/fail/conflict"), 503, "CONFLICTING_CHANGES")
                .andExpect(header().string("Waybill-Well", "true"));
        assertProblem(get("/refuse/AWAY"), 503, "AWAY").andExpect(header().string("Waybill-Well", "true"));
        assertProblem(get("/fail/away"), 503, "TEMPORARILY_UNAVAILABLE")
                .andExpect(header().doesNotExist("Waybill-Well"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                        | MALFORMED_REQUEST",
                "[]                                       | MALFORMED_REQUEST",
                "{\"pieces\":\"three\"}                   | MALFORMED_REQUEST",
                "{\"pieces\":1.5}                         | MALFORMED_REQUEST",
                "{\"pieces\":1,\"colour\":\"red\"}        | UNKNOWN_FIELD",
                "{\"pieces\":1} 2                         | MALFORMED_REQUEST",
                "{\"pieces\":1,\"pieces\":2}             | MALFORMED_REQUEST",
                "{\"name\":12.5}                         | MALFORMED_REQUEST",
                "{\"name\":true}                         | MALFORMED_REQUEST",
                "{\"pieces\":0}                           | INVALID_VALUE",
                "{\"pieces\":100001}                      | INVALID_VALUE",
                "{\"inner\":{\"order\":\"1 or 1=1\"}}     | INVALID_VALUE"
            })
    void a_body_that_is_no_wish_is_told_what_is_wrong(String body, String code) throws Exception {
        assertProblem(post("/wishes").contentType(MediaType.APPLICATION_JSON).content(body), 400, code);
    }

    @Test
    void a_body_that_is_nested_too_deep_is_malformed() throws Exception {
        String body = "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000);

        assertProblem(
                post("/anything").contentType(MediaType.APPLICATION_JSON).content(body), 400, "MALFORMED_REQUEST");
    }

    @Test
    void a_hostile_field_name_is_not_repeated_as_it_came() throws Exception {
        String body = "{\"<script>\\u0000" + "x".repeat(500) + "\":1}";

        assertProblem(post("/wishes").contentType(MediaType.APPLICATION_JSON).content(body), 400, "UNKNOWN_FIELD")
                .andExpect(content().string(not(containsString("<script>"))))
                .andExpect(content().string(not(containsString("x".repeat(200)))));
    }

    @Test
    void what_spring_refuses_has_a_code_too() throws Exception {
        assertProblem(get("/number").param("limit", "many"), 400, "INVALID_VALUE");
        assertProblem(get("/number"), 400, "BAD_REQUEST");
        assertProblem(delete("/wishes"), 405, "METHOD_NOT_ALLOWED");
        assertProblem(post("/wishes").contentType(MediaType.TEXT_PLAIN).content("a"), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    private static ObjectMapper mapper() {
        var builder = Jackson2ObjectMapperBuilder.json()
                .modulesToInstall(WaybillJson.kernelModule())
                .featuresToEnable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        new WebConfiguration().strictRequests().customize(builder);
        return builder.build();
    }

    private ResultActions assertProblem(MockHttpServletRequestBuilder request, int status, String code)
            throws Exception {
        return web.perform(request)
                .andExpect(status().is(status))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value(code))
                .andExpect(jsonPath("$.status").value(status));
    }
}
