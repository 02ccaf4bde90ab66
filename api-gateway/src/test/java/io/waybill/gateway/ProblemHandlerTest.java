package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProblemHandlerTest {

    private final ProblemHandler handler = new ProblemHandler(new ObjectMapper());
    private final MockServerWebExchange exchange = MockServerWebExchange.from(
            MockServerHttpRequest.method(HttpMethod.GET, URI.create("/api/orders/a%20b?secret=1")));

    @Test
    void a_bug_is_an_internal_error_that_tells_nothing_of_itself() {
        handler.handle(exchange, new IllegalStateException("password=hunter2")).block();

        var response = exchange.getResponse();
        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
        assertThat(response.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(response.getBodyAsString().block()).isEqualTo("""
            {"type":"urn:waybill:problem:internal","title":"Internal Server Error","status":500,\
            "detail":"Something went wrong on our side.","code":"INTERNAL",\
            "instance":"/api/orders/a%20b"}\
            """);
    }

    @Test
    void headers_of_an_answer_that_failed_are_not_mixed_into_the_problem() {
        exchange.getResponse().getHeaders().set("Content-Encoding", "gzip");
        exchange.getResponse().getHeaders().set("Location", "/api/orders/o-1");

        handler.handle(exchange, new IllegalStateException()).block();

        assertThat(exchange.getResponse().getHeaders().keySet())
                .containsExactlyInAnyOrder("Content-Type", "Content-Length");
    }

    @Test
    void an_answer_under_way_is_broken_off_and_not_completed() {
        exchange.getResponse().setComplete().block();
        var error = new IllegalStateException();

        assertThat(handler.handle(exchange, error).materialize().block().getThrowable())
                .isSameAs(error);
    }
}
