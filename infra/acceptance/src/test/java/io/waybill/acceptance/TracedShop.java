package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.SeenSpan;
import io.waybill.testing.TraceCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A shop whose customers begin traces, and the collector that sees what becomes of these. */
record TracedShop(Shop shop, TraceCollector collector) {

    static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The span of the client, which the collector does not see. */
    private static final String CLIENT = "00f067aa0ba902b7";

    /** Settings of a system that is traced as a whole, and whose patience is short; those of the story's own last. */
    static List<String> settings(TraceCollector collector, String... more) {
        var settings = new LinkedHashMap<String, String>();
        Stream.of(
                        Waits.SHORT,
                        collector.settings(),
                        List.of("management.tracing.sampling.probability=1.0"),
                        List.of(more))
                .flatMap(List::stream)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    static String traceparent(String trace) {
        return "00-" + trace + "-" + CLIENT + "-01";
    }

    PlacedOrder place(Purchase purchase, String trace) {
        Answer answer = within(PATIENCE, "the price is known")
                .until(
                        () -> shop.asks(purchase, "traceparent", traceparent(trace)),
                        given -> !given.text("code").equals("UNKNOWN_SKU"))
                .orFail();
        return new PlacedOrder(shop.gateway(), answer.text("orderId"), purchase);
    }

    void ask(String path, String body, String trace) {
        shop.gateway().post(path, body, "traceparent", traceparent(trace)).orFail();
    }

    /** The spans of a trace, when nothing more comes. */
    List<SeenSpan> atRest(String trace) {
        var last = new ArrayList<List<SeenSpan>>(List.of(List.of()));
        within(PATIENCE, "nothing more comes of " + trace)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    List<SeenSpan> now = collector.trace(trace);
                    boolean same = now.equals(last.getFirst()) && !now.isEmpty();
                    last.set(0, now);
                    return same;
                });
        return last.getFirst();
    }

    /**
     * Comes to rest with each span following from another one, only the first from the client's; and with each message
     * received as what another process sent.
     */
    List<SeenSpan> isWhole(String trace) {
        List<SeenSpan> spans = atRest(trace);
        Map<String, SeenSpan> byId = spans.stream().collect(Collectors.toMap(SeenSpan::id, span -> span));
        assertThat(spans)
                .filteredOn(span -> !byId.containsKey(span.parentId()))
                .extracting(SeenSpan::parentId)
                .containsExactly(CLIENT);
        assertThat(spans).filteredOn(span -> span.kind().equals("CONSUMER")).allSatisfy(received -> {
            SeenSpan sent = byId.get(received.parentId());
            assertThat(sent.name()).isEqualTo(received.name().replace("receive ", "send "));
            assertThat(sent.kind()).isEqualTo("PRODUCER");
            assertThat(sent.service()).isNotEqualTo(received.service());
        });
        return spans;
    }

    /** Is whole, and goes from process to process and to partners in just this way. */
    void goes(String trace, String tree) {
        isWhole(trace);
        assertThat(collector.tree(trace, TracedShop::isHop)).isEqualTo(tree);
    }

    private static boolean isHop(SeenSpan span) {
        return !span.isSql() && !span.kind().equals("INTERNAL");
    }

    /** The first span of the trace that a deadline began which was set in this one. */
    SeenSpan linkedTo(String trace) {
        Set<String> ids = collector.trace(trace).stream().map(SeenSpan::id).collect(Collectors.toSet());
        SeenSpan first = collector.spans().stream()
                .filter(span -> span.linkedTo().stream().anyMatch(ids::contains))
                .findFirst()
                .orElseThrow();
        assertThat(first.name()).isEqualTo("deadline AnswerOverdue");
        assertThat(first.parentId()).isEmpty();
        return first;
    }
}
