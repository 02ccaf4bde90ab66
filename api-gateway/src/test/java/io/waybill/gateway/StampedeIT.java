package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.testing.TestServers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Many ask two gateways for the same at the same moment. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StampedeIT {

    private static final int CROWD = 500;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static RunningGateway first;
    private static RunningGateway second;

    @BeforeAll
    static void start() {
        var settings = new ArrayList<String>();
        TestServers.redis().springProperties().forEach((name, value) -> settings.add("--" + name + "=" + value));
        settings.add("--waybill.gateway.cache.key-prefix=" + TestServers.freshNamespace("stampede") + ":");
        // Five hundred at once are more than two cores answer at once.
        settings.add("--waybill.gateway.cache.redis-timeout=5s");
        settings.add("--waybill.gateway.limits.policies.reading.quota=10000");
        first = RunningGateway.withOpenRoutes(settings.toArray(String[]::new));
        settings.add("--waybill.gateway.contexts.order="
                + first.context(BoundedContext.ORDER).address());
        second = RunningGateway.withOpenRoutes(settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void on_an_expired_answer_makes_one_request_to_the_context() {
        var context = first.context(BoundedContext.ORDER);
        context.answers(response ->
                answer(response, "old", "max-age=60").header("Age", "61").sendString(Mono.just("old")));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(get(0, "/test/crowded").join().headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status).contains("stored"));
            assertThat(get(1, "/test/crowded").join().headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status).contains("stored"));
        });
        context.seen().clear();
        context.answers(response -> answer(response, "new", "max-age=60")
                .sendString(Mono.just("new").delayElement(Duration.ofMillis(300))));

        var answers = IntStream.range(0, CROWD)
                .mapToObj(number -> get(number, "/test/crowded"))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("new"));
        assertThat(context.seen()).hasSizeLessThanOrEqualTo(2);
        assertThat(answers)
                .anySatisfy(answer -> assertThat(answer.join()
                                .headers()
                                .firstValue("Cache-Status")
                                .orElse(""))
                        .contains("collapsed"));
    }

    @Test
    void that_its_leader_leaves_is_led_by_another() throws Exception {
        var context = first.context(BoundedContext.ORDER);
        context.answers(response ->
                answer(response, "old", "max-age=60").header("Age", "61").sendString(Mono.just("old")));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(get(0, "/test/left").join().headers().firstValue("Cache-Status"))
                                .hasValueSatisfying(status -> assertThat(status).contains("stored")));
        context.seen().clear();
        context.answers(StubContext.silence());
        var leader = get(0, "/test/left");
        await().until(() -> context.seen().size() == 1);
        var follower = get(0, "/test/left");
        context.answers(response -> answer(response, "new", "max-age=60").sendString(Mono.just("new")));

        leader.cancel(true);

        assertThat(follower.get().body()).isEqualTo("new");
    }

    @Test
    void what_is_approved_for_one_client_only_is_not_shown_to_another() {
        var context = first.context(BoundedContext.ORDER);
        context.answers(response ->
                answer(response, "old", "max-age=60").header("Age", "61").sendString(Mono.just("old")));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                get(0, "/test/approved").join().headers().firstValue("Cache-Status"))
                        .hasValueSatisfying(status -> assertThat(status).contains("stored")));
        context.seen().clear();
        context.answers(response -> Mono.delay(Duration.ofMillis(300))
                .then(response.status(304)
                        .header("Cache-Control", "private")
                        .header("ETag", "\"old\"")
                        .header("X-For", "one")
                        .send()));

        var answers = IntStream.range(0, 3)
                .mapToObj(number -> get(0, "/test/approved"))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("old"));
        assertThat(context.seen()).hasSize(3);
    }

    private static reactor.netty.http.server.HttpServerResponse answer(
            reactor.netty.http.server.HttpServerResponse response, String body, String cacheControl) {
        return response.header("Cache-Control", cacheControl)
                .header("ETag", "\"" + body + "\"")
                .header("Content-Length", Integer.toString(body.length()));
    }

    /** From one gateway or the other. */
    private static CompletableFuture<HttpResponse<String>> get(int number, String path) {
        var request = HttpRequest.newBuilder((number % 2 == 0 ? first : second).at(path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
