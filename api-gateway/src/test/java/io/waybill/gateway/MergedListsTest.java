package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MergedListsTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void every_context_has_one_item() {
        gateway.forget();
        for (var context : BoundedContext.values()) {
            gateway.context(context)
                    .answers(StubContext.json(
                            200, "{\"items\":[{\"context\":\"" + context.id() + "\",\"name\":\"a\"}]}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/admin/processors", "/api/admin/parked"})
    void one_list_holds_the_items_of_all_contexts_in_order(String path) {
        gateway.client()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                    {"items":[{"context":"inventory","name":"a"},{"context":"order","name":"a"},
                              {"context":"payment","name":"a"},{"context":"shipping","name":"a"}],
                     "unavailable":[]}\
                    """);
    }

    @Test
    void the_question_reaches_every_context_as_it_was_asked() {
        var operator = RunningGateway.ISSUER.token("opr_1", "operator");
        gateway.client()
                .get()
                .uri(gateway.at("/api/admin/parked?limit=5&q=%2F"))
                .header("Authorization", operator)
                .header("Waybill-User", "operator")
                .header("Cookie", "a=b")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();

        for (var context : BoundedContext.values()) {
            var seen = gateway.context(context).last();
            assertThat(seen.target()).isEqualTo("/api/admin/parked?limit=5&q=%2F");
            assertThat(seen.headers().get("Authorization")).isEqualTo(operator);
            assertThat(seen.headers().contains("Waybill-User")).isFalse();
            assertThat(seen.headers().contains("Cookie")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"items\":7}", "{\"items\":"})
    void a_context_that_answers_nonsense_is_named_unavailable(String nonsense) {
        gateway.context(BoundedContext.PAYMENT).answers(StubContext.json(200, nonsense));

        gateway.client()
                .get()
                .uri("/api/admin/processors")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(3)
                .jsonPath("$.unavailable[0]")
                .isEqualTo("payment");
    }

    @Test
    void a_question_that_contexts_do_not_understand_is_refused() {
        for (var context : BoundedContext.values()) {
            gateway.context(context).answers(StubContext.json(400, "{\"code\":\"INVALID_VALUE\"}"));
        }

        gateway.client()
                .get()
                .uri("/api/admin/parked?limit=-1")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("INVALID_VALUE");
    }

    @Test
    void a_context_that_refuses_cuts_off_no_other() {
        var slow = new AtomicInteger();
        for (var context : BoundedContext.values()) {
            gateway.context(context).answers(StubContext.json(400, "{\"code\":\"INVALID_VALUE\"}"));
        }
        gateway.context(BoundedContext.SHIPPING)
                .answers(response -> Mono.delay(Duration.ofMillis(300))
                        .doOnNext(tick -> slow.incrementAndGet())
                        .then(Mono.from(StubContext.json(400, "{}").to(response))));

        gateway.client()
                .get()
                .uri("/api/admin/parked?limit=-1")
                .exchange()
                .expectStatus()
                .isBadRequest();

        assertThat(slow).hasValue(1);
    }

    @Test
    void an_item_that_does_not_name_its_context_is_given_it() {
        gateway.context(BoundedContext.SHIPPING).answers(StubContext.json(200, "{\"items\":[{\"name\":\"z\"}]}"));

        gateway.client()
                .get()
                .uri("/api/admin/processors")
                .exchange()
                .expectBody()
                .jsonPath("$.items[3].context")
                .isEqualTo("shipping");
    }
}
