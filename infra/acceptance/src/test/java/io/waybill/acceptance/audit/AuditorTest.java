package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.BooksFixtures.CANCELLED;
import static io.waybill.acceptance.audit.BooksFixtures.DELIVERED;
import static io.waybill.acceptance.audit.BooksFixtures.MUG;
import static io.waybill.acceptance.audit.BooksFixtures.WAITING;
import static io.waybill.acceptance.audit.BooksFixtures.booking;
import static io.waybill.acceptance.audit.BooksFixtures.charge;
import static io.waybill.acceptance.audit.BooksFixtures.refund;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Map;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AuditorTest {

    private final BooksFixtures shop = BooksFixtures.allIsWell();

    @Test
    void books_in_which_all_is_well_violate_nothing() {
        shop.promises.told(WAITING, "CONFIRMED");
        shop.promises.told(DELIVERED, Promises.DISPATCHED);
        shop.promises.told(CANCELLED, Promises.CANCELLING);
        shop.replayed = new Replayed(Map.of("a", "1"), Map.of("a", "1"), Map.of("b", 1L), Map.of("b", 1L));

        Report report = Auditor.check(shop.books());

        assertThat(report.violations()).isEmpty();
        assertThat(report.toString()).contains("{EUR=50.00}").contains("{CANCELLED=1, CONFIRMED=1, DELIVERED=1}");
    }

    @Test
    void an_order_that_is_stuck_was_charged_in_full_or_not_at_all() {
        shop.become(CANCELLED, "COMPENSATION_STUCK");
        shop.forget("order", "OrderCancelled", CANCELLED);
        violated().isEmpty();

        shop.payments.remove(refund("pay_3"));
        violated().isEmpty();

        shop.payments.add(new PartnerCall("pay_3", "REFUND", true, new BigDecimal("5.00"), "EUR"));
        violated().contains(Invariant.MONEY);
    }

    @Nested
    class Money {

        @Test
        void an_order_that_is_kept_was_paid() {
            shop.payments.remove(charge("pay_1"));

            violated().contains(Invariant.MONEY);
        }

        @Test
        void an_order_that_was_undone_was_refunded() {
            shop.payments.remove(refund("pay_3"));

            violated().containsOnly(Invariant.MONEY);
        }

        @Test
        void nobody_is_charged_for_no_order() {
            shop.payments.add(charge("pay_4"));

            violated().containsOnly(Invariant.MONEY);
        }

        @Test
        void the_currency_is_that_of_the_order() {
            shop.payments.remove(charge("pay_1"));
            shop.payments.add(new PartnerCall("pay_1", "CHARGE", true, new BigDecimal("25.00"), "USD"));

            violated().containsOnly(Invariant.MONEY);
        }
    }

    @Nested
    class Stock {

        @Test
        void what_arrived_is_available_reserved_and_shipped() {
            shop.available.put(MUG, 5L);

            violated().containsOnly(Invariant.STOCK);
        }

        @Test
        void nothing_is_negative() {
            shop.received.put(MUG, 3L);
            shop.available.put(MUG, -1L);

            violated().containsOnly(Invariant.STOCK);
        }

        @Test
        void an_order_that_waits_for_its_dispatch_has_its_pieces() {
            shop.forget("inventory", "StockReserved", WAITING);
            shop.forget("order", "StockReserved", WAITING);
            shop.available.put(MUG, 8L);

            violated().containsOnly(Invariant.STOCK);
        }

        @Test
        void an_order_that_was_undone_has_none() {
            shop.forget("inventory", "StockReleased", CANCELLED);
            shop.forget("order", "StockReleased", CANCELLED);
            shop.available.put(MUG, 4L);

            violated().containsOnly(Invariant.STOCK);
        }
    }

    @Nested
    class Rest {

        @Test
        void no_order_hangs() {
            shop.become(WAITING, "RESERVED");

            violated().containsOnly(Invariant.REST);
        }

        @Test
        void no_order_that_was_accepted_is_gone() {
            shop.promises.accepted("another key", "ord_4");

            violated().containsOnly(Invariant.REST);
        }
    }

    @Nested
    class Once {

        @Test
        void nobody_is_charged_twice() {
            shop.payments.add(charge("pay_1"));

            violated().contains(Invariant.ONCE);
        }

        @Test
        void nobody_is_refunded_twice() {
            shop.payments.add(refund("pay_3"));

            violated().contains(Invariant.ONCE);
        }

        @Test
        void no_parcel_is_booked_twice() {
            shop.shipments.add(booking("shp_1"));

            violated().containsOnly(Invariant.ONCE);
        }

        @Test
        void no_parcel_is_booked_without_a_capture() {
            shop.shipments.add(booking("shp_4"));

            violated().containsOnly(Invariant.ONCE);
        }

        @Test
        void no_parcel_stays_booked_for_an_order_that_was_undone() {
            shop.shipments.removeIf(call -> call.kind().equals("CANCEL"));

            violated().containsOnly(Invariant.ONCE);
        }

        @Test
        void an_order_that_is_kept_has_its_parcel() {
            shop.shipments.remove(booking("shp_1"));

            violated().containsOnly(Invariant.ONCE);
        }
    }

    @Nested
    class Events {

        @Test
        void no_sequence_has_a_hole() {
            shop.forget("order", "OrderConfirmed", WAITING);
            shop.tell("order", "OrderConfirmed", WAITING, 2, WAITING);

            violated().containsOnly(Invariant.EVENTS);
        }

        @Test
        void no_number_is_given_twice() {
            shop.tell("order", "CancellationRefused", WAITING, 1, WAITING);

            violated().containsOnly(Invariant.EVENTS);
        }

        @Test
        void no_event_is_taken_in_twice() {
            shop.streams.get("order").add(shop.streams.get("payment").getFirst());

            violated().containsOnly(Invariant.EVENTS);
        }

        @Test
        void no_event_is_lost_on_its_way() {
            shop.forget("order", "ShipmentCreated", "shp_1");

            violated().containsOnly(Invariant.EVENTS);
        }

        @Test
        void nothing_happens_to_an_order_twice() {
            shop.tell("payment", "PaymentCompleted", "pay_1", 2, WAITING);

            violated().containsOnly(Invariant.EVENTS);
        }

        @Test
        void what_has_to_follow_follows() {
            shop.forget("inventory", "StockCommitted", DELIVERED);
            shop.forget("order", "StockCommitted", DELIVERED);

            violated().contains(Invariant.EVENTS);
        }

        @Test
        void nothing_waits_for_an_operator() {
            shop.troubles.add("parked");

            violated().containsOnly(Invariant.EVENTS);
        }
    }

    @Test
    void a_read_model_that_was_rebuilt_shows_what_it_showed_before() {
        Map<String, String> before = Map.of("one", "1", "two", "2");
        shop.replayed = new Replayed(before, Map.of("one", "1", "two", "3"), Map.of(), Map.of());
        violated().containsExactly(Invariant.REBUILD);

        shop.replayed = new Replayed(before, Map.of("one", "1"), Map.of(), Map.of());
        violated().containsExactly(Invariant.REBUILD);
    }

    @Test
    void a_replay_does_nothing_in_the_world() {
        shop.replayed = new Replayed(Map.of(), Map.of(), Map.of("calls", 3L), Map.of("calls", 4L));

        violated().containsExactly(Invariant.REPLAY);
    }

    @Nested
    class WhatClientsWereTold {

        @Test
        void one_request_is_one_order() {
            shop.promises.accepted("key of " + WAITING, DELIVERED);

            violated().containsOnly(Invariant.PROMISES);
        }

        @Test
        void an_order_does_not_go_back() {
            shop.promises.told(WAITING, "DELIVERED");

            violated().containsOnly(Invariant.PROMISES);
        }

        @Test
        void an_order_that_was_said_to_be_rejected_stays_so() {
            shop.promises.told(CANCELLED, "REJECTED");

            violated().containsOnly(Invariant.PROMISES);
        }

        @Test
        void a_cancellation_that_was_taken_up_is_decided() {
            shop.promises.told(WAITING, Promises.CANCELLING);
            violated().containsOnly(Invariant.PROMISES);

            shop.tell("order", "CancellationRefused", WAITING, 2, WAITING);
            violated().isEmpty();
        }

        @Test
        void an_order_is_what_its_events_made_of_it() {
            shop.tell("order", "OrderDispatched", CANCELLED, 3, CANCELLED);
            shop.tell("inventory", "StockCommitted", CANCELLED, 2, CANCELLED);

            violated().contains(Invariant.PROMISES);
        }
    }

    @Test
    void books_of_some_orders_are_read_from_their_histories() throws Exception {
        JsonNode item = new ObjectMapper().readTree("""
            {"id": "e1", "source": "/waybill/inventory", "type": "waybill.inventory.StockReserved.v1",
             "subject": "ord_1", "data": {"orderId": "ord_1", "lines": [{"sku": "MUG", "quantity": 2}]}}\
            """);
        Recorded event = Recorded.of(item);
        assertThat(event.source()).isEqualTo("inventory");
        assertThat(event.type()).isEqualTo("StockReserved");
        assertThat(event.order()).isEqualTo("ord_1");
        assertThat(event.sequence()).isEqualTo(Recorded.UNNUMBERED);
        assertThat(event.data().at("/lines/0/quantity").asInt()).isEqualTo(2);
    }

    private AbstractListAssert<?, ?, Invariant, ObjectAssert<Invariant>> violated() {
        return assertThat(Auditor.check(shop.books()).violations()).extracting(Violation::invariant);
    }
}
