package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What Prometheus finds at the management ports when orders are bought, rejected and cancelled. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
@Tag("standalone")
class MetricsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final List<String> PROCESSES = List.of("order", "payment", "inventory", "shipping", "gateway");
    private static final Pattern ANY_ID = Pattern.compile("(ord|pay|shp|cus)_[0-9a-f]{8}|[0-9a-f]{8}-[0-9a-f]{4}-");

    private static final Shop SHOP = Shop.at(SharedSystem::standalone);

    private static Map<String, Meters> before;

    @BeforeAll
    static void buy_reject_and_cancel() {
        Product product = SHOP.sells(5);
        before = all();
        SHOP.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
        SHOP.accepts(Purchase.of(product, 1).paidWith("pm_card_visa_chargeDeclined"))
                .isRejectedBecauseOf("PAYMENT_DECLINED");
        PlacedOrder regretted = SHOP.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
        regretted.cancel().orFail();
        regretted.becomes(CANCELLED);
    }

    private static Map<String, Meters> all() {
        return PROCESSES.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        process -> Meters.at(SharedSystem.standalone()
                                .context(process + "-management")
                                .orElseThrow())));
    }

    private static Meters now(String process) {
        return Meters.at(
                SharedSystem.standalone().context(process + "-management").orElseThrow());
    }

    /** By how much a sum has risen since before the orders. */
    private static double risen(String process, String name, String... labels) {
        return now(process).sum(name, labels) - before.get(process).sum(name, labels);
    }

    private static void rises(double by, String process, String name, String... labels) {
        within(PATIENCE, name + List.of(labels) + " of " + process)
                .untilAsserted(() -> assertThat(risen(process, name, labels)).isEqualTo(by));
    }

    @Test
    void orders_are_counted_by_what_became_of_them_and_timed() {
        rises(2, "order", "waybill_orders_seconds_count", "outcome=\"confirmed\"");
        rises(1, "order", "waybill_orders_seconds_count", "outcome=\"rejected\"", "reason=\"payment_declined\"");
        rises(1, "order", "waybill_orders_seconds_count", "outcome=\"cancelled\"");
        assertThat(risen("order", "waybill_orders_seconds_sum", "outcome=\"confirmed\""))
                .isPositive()
                .isLessThan(160.0);
        assertThat(now("order").sum("waybill_orders_stuck")).isNotNegative();
    }

    @Test
    void steps_of_the_saga_and_its_compensations_are_counted() {
        rises(3, "order", "waybill_saga_steps_total", "step=\"payment\"");
        rises(2, "order", "waybill_saga_steps_total", "step=\"dispatch\"", "direction=\"forward\"");
        rises(1, "order", "waybill_saga_steps_total", "step=\"cancel-shipment\"", "direction=\"backward\"");
        rises(1, "order", "waybill_saga_steps_total", "step=\"refund-payment\"");
    }

    @Test
    void commands_and_calls_of_partners_are_counted_and_timed() {
        rises(3, "order", "waybill_commands_seconds_count", "command=\"PlaceOrder\"", "outcome=\"done\"");
        rises(3, "payment", "resilience4j_circuitbreaker_calls_seconds_count", "name=\"payment-charge\"");
        rises(0, "payment", "resilience4j_circuitbreaker_state", "name=\"payment-charge\"", "state=\"open\"");
    }

    @Test
    void requests_are_counted_and_timed_by_their_routes() {
        String name = "http_server_requests_seconds_count";
        assertThat(risen("gateway", name, "uri=\"/api/orders\"", "method=\"POST\"", "status=\"202\""))
                .isGreaterThanOrEqualTo(3);
        assertThat(risen("gateway", name, "uri=\"/api/orders/{id}\"", "method=\"GET\""))
                .isPositive();
        assertThat(now("gateway").sum("http_server_requests_seconds_bucket", "le=\"+Inf\"", "uri=\"/api/orders\""))
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void at_rest_nothing_is_behind_unsent_or_parked() {
        for (String context : PROCESSES.subList(0, 4)) {
            within(PATIENCE, context + " is at rest").untilAsserted(() -> {
                Meters meters = now(context);
                assertThat(meters.names())
                        .contains(
                                "waybill_processor_lag_events",
                                "waybill_processor_delay_seconds",
                                "waybill_processor_replaying",
                                "waybill_outbox_size_events",
                                "waybill_outbox_age_seconds",
                                "waybill_parked_events",
                                "waybill_parked_messages",
                                "waybill_queue_depth_messages",
                                "hikaricp_connections_active",
                                "tomcat_threads_busy_threads",
                                "jvm_memory_used_bytes",
                                "disk_free_bytes");
                assertThat(meters.sum("waybill_processor_lag_events")).isZero();
                assertThat(meters.sum("waybill_processor_delay_seconds")).isZero();
                assertThat(meters.sum("waybill_outbox_size_events")).isZero();
                assertThat(meters.sum("waybill_outbox_age_seconds")).isZero();
                assertThat(meters.sum("waybill_queue_depth_messages")).isZero();
            });
        }
    }

    @Test
    void a_replay_counts_no_order_again() {
        rises(2, "order", "waybill_orders_seconds_count", "outcome=\"confirmed\"");
        double steps = now("order").sum("waybill_saga_steps_total");

        new Operator(Http.toGateway(SharedSystem::standalone)).replayAll();

        assertThat(risen("order", "waybill_orders_seconds_count", "outcome=\"confirmed\""))
                .isEqualTo(2);
        assertThat(now("order").sum("waybill_saga_steps_total")).isEqualTo(steps);
    }

    @Test
    void alerts_and_dashboards_ask_for_what_there_is() {
        Set<String> known = new TreeSet<>(Set.of("up"));
        all().values().forEach(meters -> known.addAll(meters.names()));

        assertThat(Watching.asked()).allSatisfy((where, names) -> {
            assertThat(names).isNotEmpty();
            assertThat(known).containsAll(names);
        });
    }

    @Test
    void no_meter_names_an_order_or_a_customer() {
        Set<String> offending = new TreeSet<>();
        all().forEach((process, meters) -> meters.values().keySet().stream()
                .filter(series -> ANY_ID.matcher(series).find() || series.contains("@"))
                .forEach(series -> offending.add(process + " " + series)));
        assertThat(offending).isEmpty();
    }
}
