package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.RESERVED;
import static io.waybill.acceptance.TracedShop.newTrace;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.acceptance.ChildJvm.Signal;
import io.waybill.testing.SeenSpan;
import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import io.waybill.testing.TraceCollector;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Traces across processes of which one is away for a while, or slow. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
class TracedProcessesIT {

    private static final TraceCollector COLLECTOR = TraceCollector.listening();
    private static Distributed waybill;
    private static Shop shop;
    private static TracedShop traced;

    @BeforeAll
    static void start() {
        List<String> settings =
                TracedShop.settings(COLLECTOR, "waybill.fulfilment.first-wait=2m", "waybill.fulfilment.max-wait=2m");
        waybill = Distributed.open(
                "traced-processes", TestServers.freshNamespace("traced-processes"), settings, settings);
        waybill.runAll();
        shop = Shop.at(waybill);
        traced = new TracedShop(shop, COLLECTOR);
    }

    @AfterAll
    static void stop() {
        waybill.close();
        COLLECTOR.close();
    }

    @Test
    void an_order_that_waited_for_a_context_is_one_trace_all_the_same() {
        Product product = shop.sells(5);
        waybill.end("shipping", Signal.TERM);
        String trace = newTrace();
        PlacedOrder order = traced.place(Purchase.of(product, 1), trace).becomes(RESERVED);
        waybill.run(1, "shipping");
        order.becomes(CONFIRMED);

        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
                  order PRODUCER send OrderPlaced
                  order PRODUCER send ProcessPayment
                    payment CONSUMER receive ProcessPayment
                      payment CLIENT payment charge
                      payment PRODUCER send PaymentCompleted
                        order CONSUMER receive PaymentCompleted
                          order PRODUCER send ReserveStock
                            inventory CONSUMER receive ReserveStock
                              inventory PRODUCER send StockReserved
                                order CONSUMER receive StockReserved
                                  order PRODUCER send CreateShipment
                                    shipping CONSUMER receive CreateShipment
                                      shipping CLIENT carrier book
                                      shipping PRODUCER send ShipmentCreated
                                        order CONSUMER receive ShipmentCreated
                                          order CLIENT mail send
                                          order PRODUCER send OrderConfirmed
                                      shipping PRODUCER send ShipmentRequested
                                        order CONSUMER receive ShipmentRequested
                      payment PRODUCER send PaymentRequested
                        order CONSUMER receive PaymentRequested
            """);
    }

    @Test
    void a_slow_statement_is_the_longest_of_all() throws SQLException {
        Product product = shop.sells(5);
        String trace = newTrace();
        run("order", """
            create function slow() returns trigger language plpgsql as
              'begin perform pg_sleep(3); return new; end';
            create trigger slow before insert on order_summary
              for each row when (new.payment_status = 'COMPLETED' and new.status <> 'CONFIRMED')
              execute function slow();
            """);
        try {
            traced.place(Purchase.of(product, 1), trace).becomes(CONFIRMED);
        } finally {
            run("order", "drop trigger slow on order_summary; drop function slow();");
        }

        SeenSpan slowest = traced.isWhole(trace).stream()
                // Statements and calls of partners; what these are a part of lasts as long or longer.
                .filter(span -> span.kind().equals("CLIENT") && !span.service().equals("waybill-gateway"))
                .max(Comparator.comparingLong(span -> span.endNanos() - span.startNanos()))
                .orElseThrow();
        assertThat(slowest.name()).isEqualTo("INSERT order_summary");
        assertThat(slowest.service()).isEqualTo("order");
        assertThat(slowest.endNanos() - slowest.startNanos()).isGreaterThan(2_900_000_000L);
        assertThat(slowest.attribute("db.query.text"))
                .startsWith("insert into order_summary ")
                .contains("on conflict (order_id) do update")
                .doesNotContain("COMPLETED", "ord_");
    }

    private static void run(String context, String statements) throws SQLException {
        TestDatabase database = waybill.database(context);
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }
}
