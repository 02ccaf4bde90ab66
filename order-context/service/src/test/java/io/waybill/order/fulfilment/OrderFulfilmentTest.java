package io.waybill.order.fulfilment;

import static io.waybill.order.OrderFixtures.CARD;
import static io.waybill.order.OrderFixtures.CUSTOMER;
import static io.waybill.order.OrderFixtures.ORDER;
import static io.waybill.order.OrderFixtures.PAYMENT;
import static io.waybill.order.OrderFixtures.SHIPMENT;
import static io.waybill.order.OrderFixtures.cancellationRequested;
import static io.waybill.order.OrderFixtures.compensationResumed;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.home;
import static io.waybill.order.OrderFixtures.orderPlaced;
import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.paymentFailed;
import static io.waybill.order.OrderFixtures.paymentRefunded;
import static io.waybill.order.OrderFixtures.paymentVoided;
import static io.waybill.order.OrderFixtures.refundFailed;
import static io.waybill.order.OrderFixtures.shipmentCancellationRefused;
import static io.waybill.order.OrderFixtures.shipmentCancelled;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.shipmentDispatched;
import static io.waybill.order.OrderFixtures.shipmentFailed;
import static io.waybill.order.OrderFixtures.stockLines;
import static io.waybill.order.OrderFixtures.stockReleased;
import static io.waybill.order.OrderFixtures.stockReservationFailed;
import static io.waybill.order.OrderFixtures.stockReserved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.WaybillJson;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CompensationStep;
import io.waybill.order.api.ConfirmOrder;
import io.waybill.order.api.RejectOrder;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.ReportStuckCompensation;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundPayment;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import java.time.Duration;
import java.util.stream.Stream;
import org.axonframework.messaging.Message;
import org.axonframework.test.utils.RecordingCommandBus;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OrderFulfilmentTest {

    private static final Command PROCESS_PAYMENT = new ProcessPayment(PAYMENT, ORDER, CUSTOMER, euros("74.00"), CARD);
    private static final Command RESERVE_STOCK = new ReserveStock(ORDER, stockLines());
    private static final Command CREATE_SHIPMENT = new CreateShipment(SHIPMENT, ORDER, CUSTOMER, home());
    private static final Command CONFIRM = new ConfirmOrder(ORDER);
    private static final Command CANCEL_SHIPMENT = new CancelShipment(SHIPMENT, ORDER);
    private static final Command RELEASE_STOCK = new ReleaseStock(ORDER);
    private static final Command REFUND = new RefundPayment(PAYMENT, ORDER, false);
    private static final Command REFUND_APPROVED = new RefundPayment(PAYMENT, ORDER, true);
    private static final Command CANCEL = new CancelOrder(ORDER);

    /** Where the customer, silence or a failure may meet an order on its way forward. */
    enum Stage {
        PAYING,
        RESERVING,
        BOOKING,
        CONFIRMED;

        Command command() {
            return switch (this) {
                case PAYING -> PROCESS_PAYMENT;
                case RESERVING -> RESERVE_STOCK;
                case BOOKING -> CREATE_SHIPMENT;
                case CONFIRMED -> CONFIRM;
            };
        }

        Command firstCompensation() {
            return switch (this) {
                case PAYING -> REFUND;
                case RESERVING -> RELEASE_STOCK;
                case BOOKING, CONFIRMED -> CANCEL_SHIPMENT;
            };
        }

        Story story() {
            return switch (this) {
                case PAYING -> new Story().hears(orderPlaced());
                case RESERVING -> PAYING.story().hears(paymentCompleted());
                case BOOKING -> RESERVING.story().hears(stockReserved());
                case CONFIRMED -> BOOKING.story().hears(shipmentCreated());
            };
        }
    }

    /** Which compensation is awaited on the way back of an order that its customer cancelled. */
    enum WalkingBack {
        CANCELLING_SHIPMENT,
        RELEASING_STOCK,
        REFUNDING;

        Command command() {
            return switch (this) {
                case CANCELLING_SHIPMENT -> CANCEL_SHIPMENT;
                case RELEASING_STOCK -> RELEASE_STOCK;
                case REFUNDING -> REFUND;
            };
        }

        CompensationStep step() {
            return switch (this) {
                case CANCELLING_SHIPMENT -> CompensationStep.CANCEL_SHIPMENT;
                case RELEASING_STOCK -> CompensationStep.RELEASE_STOCK;
                case REFUNDING -> CompensationStep.REFUND_PAYMENT;
            };
        }

        Event answer() {
            return switch (this) {
                case CANCELLING_SHIPMENT -> shipmentCancelled();
                case RELEASING_STOCK -> stockReleased();
                case REFUNDING -> paymentRefunded();
            };
        }

        Story story() {
            return switch (this) {
                case CANCELLING_SHIPMENT -> Stage.CONFIRMED.story().hears(cancellationRequested());
                case RELEASING_STOCK -> CANCELLING_SHIPMENT.story().hears(shipmentCancelled());
                case REFUNDING -> RELEASING_STOCK.story().hears(stockReleased());
            };
        }
    }

    private static RejectOrder reject(RejectionReason reason) {
        return new RejectOrder(ORDER, reason);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Nested
    class Forward {

        @Test
        void a_placed_order_is_paid_first() {
            new Story()
                    .hears(orderPlaced())
                    .sends(PROCESS_PAYMENT)
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void a_paid_order_reserves_its_stock() {
            Stage.PAYING
                    .story()
                    .hears(paymentCompleted())
                    .sends(RESERVE_STOCK)
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void a_reserved_order_books_its_shipment() {
            Stage.RESERVING
                    .story()
                    .hears(stockReserved())
                    .sends(CREATE_SHIPMENT)
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void a_booked_order_is_confirmed_and_waits_for_its_dispatch_without_a_deadline() {
            Stage.BOOKING
                    .story()
                    .hears(shipmentCreated())
                    .sends(CONFIRM)
                    .waitsForever()
                    .goesOn();
        }

        @Test
        void the_dispatch_is_the_point_of_no_return() {
            Stage.CONFIRMED.story().hears(shipmentDispatched()).doesNothing().ends();
        }

        @Test
        void an_answer_that_comes_twice_is_taken_once() {
            Stage.RESERVING.story().hears(paymentCompleted()).doesNothing().goesOn();
            Stage.BOOKING
                    .story()
                    .hears(paymentCompleted(), stockReserved())
                    .doesNothing()
                    .goesOn();
            Stage.CONFIRMED
                    .story()
                    .hears(stockReserved(), shipmentCreated())
                    .doesNothing()
                    .goesOn();
        }
    }

    @Nested
    class Backward_after_our_failure {

        @Test
        void a_declined_payment_leaves_nothing_to_undo() {
            Stage.PAYING
                    .story()
                    .hears(paymentFailed())
                    .sends(reject(RejectionReason.PAYMENT_DECLINED))
                    .ends();
        }

        @Test
        void missing_stock_gives_the_money_back() {
            Story story = Stage.RESERVING.story();
            story.hears(stockReservationFailed())
                    .sends(REFUND)
                    .waits(seconds(5))
                    .goesOn();
            story.hears(paymentRefunded())
                    .sends(reject(RejectionReason.OUT_OF_STOCK))
                    .ends();
        }

        @Test
        void a_refused_shipment_releases_the_stock_and_then_gives_the_money_back() {
            Story story = Stage.BOOKING.story();
            story.hears(shipmentFailed()).sends(RELEASE_STOCK).waits(seconds(5)).goesOn();
            story.hears(stockReleased()).sends(REFUND).waits(seconds(5)).goesOn();
            story.hears(paymentRefunded())
                    .sends(reject(RejectionReason.SHIPMENT_REFUSED))
                    .ends();
        }

        @Test
        void a_customer_who_cancels_meanwhile_changes_nothing() {
            Stage.RESERVING
                    .story()
                    .hears(stockReservationFailed())
                    .hears(cancellationRequested())
                    .doesNothing()
                    .hears(paymentRefunded())
                    .sends(reject(RejectionReason.OUT_OF_STOCK))
                    .ends();
        }

        @Test
        void a_failure_that_is_told_twice_is_taken_once() {
            Stage.RESERVING
                    .story()
                    .hears(stockReservationFailed(), stockReservationFailed())
                    .doesNothing()
                    .goesOn();
            Stage.BOOKING
                    .story()
                    .hears(shipmentFailed(), shipmentFailed())
                    .doesNothing()
                    .goesOn();
            Stage.RESERVING.story().hears(paymentFailed()).doesNothing().goesOn();
        }
    }

    @Nested
    class Backward_because_the_customer_cancels {

        @ParameterizedTest
        @EnumSource
        void undoes_first_what_was_asked_last(Stage stage) {
            stage.story()
                    .hears(cancellationRequested())
                    .sends(stage.firstCompensation())
                    .waits(seconds(5))
                    .goesOn();
        }

        @ParameterizedTest
        @EnumSource
        void takes_a_second_wish_to_cancel_as_one(Stage stage) {
            stage.story()
                    .hears(cancellationRequested(), cancellationRequested())
                    .doesNothing()
                    .goesOn();
        }

        @Test
        void walks_back_over_every_step_in_reverse_order_and_awaits_each() {
            Story story = Stage.CONFIRMED.story();
            story.hears(cancellationRequested()).sends(CANCEL_SHIPMENT);
            story.hears(shipmentCancelled()).sends(RELEASE_STOCK).waits(seconds(5));
            story.hears(stockReleased()).sends(REFUND).waits(seconds(5));
            story.hears(paymentRefunded()).sends(CANCEL).ends();
        }

        @Test
        void while_stock_is_reserved_leaves_no_shipment_to_cancel() {
            Stage.RESERVING
                    .story()
                    .hears(cancellationRequested(), stockReleased())
                    .sends(REFUND)
                    .hears(paymentRefunded())
                    .sends(CANCEL)
                    .ends();
        }

        @Test
        void before_anything_was_charged_ends_with_a_void_payment() {
            Stage.PAYING
                    .story()
                    .hears(cancellationRequested(), paymentVoided())
                    .sends(CANCEL)
                    .ends();
        }

        @ParameterizedTest
        @EnumSource
        void takes_no_answer_for_another_compensation(WalkingBack stage) {
            for (WalkingBack other : WalkingBack.values()) {
                if (other != stage) {
                    stage.story().hears(other.answer()).doesNothing().goesOn();
                }
            }
        }
    }

    @Nested
    class Backward_against_the_dispatch {

        @Test
        void a_parcel_that_left_meanwhile_lets_the_order_go_on() {
            Stage.CONFIRMED
                    .story()
                    .hears(cancellationRequested(), shipmentDispatched())
                    .doesNothing()
                    .ends();
        }

        @Test
        void a_refused_cancellation_lets_the_order_go_on() {
            Stage.CONFIRMED
                    .story()
                    .hears(cancellationRequested(), shipmentCancellationRefused())
                    .doesNothing()
                    .ends();
        }

        @Test
        void a_booking_that_was_taken_back_cannot_be_dispatched_any_more() {
            WalkingBack.REFUNDING
                    .story()
                    .hears(shipmentDispatched())
                    .doesNothing()
                    .goesOn();
            WalkingBack.REFUNDING
                    .story()
                    .hears(shipmentCancellationRefused())
                    .doesNothing()
                    .goesOn();
        }
    }

    @Nested
    class Backward_when_a_refund_fails {

        @Test
        void it_is_tried_again_after_growing_pauses() {
            Story story = WalkingBack.REFUNDING.story();
            story.hears(refundFailed()).doesNothing().waits(seconds(5));
            story.hearsNothing().sends(REFUND);
            story.hears(refundFailed()).doesNothing().waits(seconds(10));
            story.hearsNothing().sends(REFUND);
            story.hears(paymentRefunded()).sends(CANCEL).ends();
        }

        @Test
        void a_second_refusal_during_the_pause_counts_for_nothing() {
            Story story = WalkingBack.REFUNDING.story();
            story.hears(refundFailed(), refundFailed())
                    .doesNothing()
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void an_operator_is_called_once_the_retries_are_used_up() {
            stuck().sends(new ReportStuckCompensation(ORDER, CompensationStep.REFUND_PAYMENT))
                    .waitsForever()
                    .goesOn();
        }

        @Test
        void a_stuck_refund_is_not_reported_twice() {
            stuck().hears(refundFailed()).doesNothing().goesOn();
        }

        @Test
        void an_operator_approves_what_the_partner_refused() {
            stuck().hears(compensationResumed())
                    .sends(REFUND_APPROVED)
                    .waits(seconds(5))
                    .hearsNothing()
                    .sends(REFUND_APPROVED)
                    .hears(paymentRefunded())
                    .sends(CANCEL)
                    .ends();
        }

        @Test
        void it_can_be_stuck_again() {
            stuck().hears(compensationResumed(), refundFailed())
                    .hearsNothing()
                    .hears(refundFailed())
                    .hearsNothing()
                    .hears(refundFailed())
                    .sends(new ReportStuckCompensation(ORDER, CompensationStep.REFUND_PAYMENT))
                    .goesOn();
        }

        @Test
        void a_refund_that_comes_while_it_is_stuck_is_welcome() {
            stuck().hears(paymentRefunded()).sends(CANCEL).ends();
        }

        @Test
        void nothing_is_resumed_that_is_not_stuck() {
            WalkingBack.REFUNDING
                    .story()
                    .hears(compensationResumed())
                    .doesNothing()
                    .goesOn();
            Stage.PAYING.story().hears(compensationResumed()).doesNothing().goesOn();
            stuck().hears(compensationResumed(), compensationResumed())
                    .doesNothing()
                    .goesOn();
        }

        @Test
        void a_refusal_elsewhere_is_none_of_its_business() {
            Stage.RESERVING.story().hears(refundFailed()).doesNothing().goesOn();
        }

        private Story stuck() {
            return WalkingBack.REFUNDING
                    .story()
                    .hears(refundFailed())
                    .hearsNothing()
                    .hears(refundFailed())
                    .hearsNothing()
                    .hears(refundFailed());
        }
    }

    @Nested
    class Silence {

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "RESERVING", "BOOKING"})
        void sends_the_command_again_and_waits_longer_up_to_a_limit(Stage stage) {
            Story story = stage.story();
            story.hearsNothing().sends(stage.command()).waits(seconds(10)).goesOn();
            story.hearsNothing().sends(stage.command()).waits(seconds(15)).goesOn();
        }

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "RESERVING", "BOOKING"})
        void that_uses_up_patience_undoes_the_silent_step_itself(Stage stage) {
            stage.story()
                    .losesPatience()
                    .sends(stage.firstCompensation())
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void of_the_payment_rejects_the_order_as_timed_out() {
            Stage.PAYING
                    .story()
                    .losesPatience()
                    .hears(paymentVoided())
                    .sends(reject(RejectionReason.TIMED_OUT))
                    .ends();
        }

        @Test
        void of_the_shipment_walks_all_the_way_back() {
            Stage.BOOKING
                    .story()
                    .losesPatience()
                    .sends(CANCEL_SHIPMENT)
                    .hears(shipmentCancelled())
                    .sends(RELEASE_STOCK)
                    .hears(stockReleased())
                    .sends(REFUND)
                    .hears(paymentRefunded())
                    .sends(reject(RejectionReason.TIMED_OUT))
                    .ends();
        }

        @Test
        void at_one_step_is_forgotten_at_the_next() {
            Stage.PAYING
                    .story()
                    .hearsNothing(2)
                    .hears(paymentCompleted())
                    .sends(RESERVE_STOCK)
                    .waits(seconds(5));
        }

        @Test
        void that_ends_in_time_goes_forward() {
            Stage.PAYING
                    .story()
                    .hearsNothing(2)
                    .hears(paymentCompleted())
                    .sends(RESERVE_STOCK)
                    .goesOn();
        }

        @ParameterizedTest
        @EnumSource
        void sends_a_compensation_again(WalkingBack stage) {
            stage.story()
                    .hearsNothing()
                    .sends(stage.command())
                    .waits(seconds(10))
                    .goesOn();
        }

        @ParameterizedTest
        @EnumSource
        void of_a_compensation_calls_an_operator_and_drops_nothing(WalkingBack stage) {
            stage.story()
                    .losesPatience()
                    .sends(new ReportStuckCompensation(ORDER, stage.step()))
                    .waitsForever()
                    .goesOn();
        }

        @ParameterizedTest
        @EnumSource(names = {"CANCELLING_SHIPMENT", "RELEASING_STOCK"})
        void of_a_compensation_ends_when_an_operator_resumes(WalkingBack stage) {
            stage.story()
                    .losesPatience()
                    .hears(compensationResumed())
                    .sends(stage.command())
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void an_operators_approval_is_for_the_refund_that_was_stuck_only() {
            WalkingBack.RELEASING_STOCK
                    .story()
                    .losesPatience()
                    .hears(compensationResumed(), stockReleased())
                    .sends(REFUND)
                    .goesOn();
        }

        @Test
        void of_a_stuck_compensation_may_end_by_itself() {
            WalkingBack.CANCELLING_SHIPMENT
                    .story()
                    .losesPatience()
                    .hears(shipmentCancelled())
                    .sends(RELEASE_STOCK)
                    .waits(seconds(5))
                    .goesOn();
        }

        @Test
        void while_we_were_away_ourselves_sends_again_and_counts_for_nothing() {
            Story story = Stage.PAYING.story();
            for (int restart = 0; restart < 10; restart++) {
                story.hearsNothingFor(seconds(8))
                        .sends(PROCESS_PAYMENT)
                        .waits(seconds(5))
                        .goesOn();
            }
        }

        @Test
        void that_was_noticed_a_little_late_counts() {
            Stage.PAYING
                    .story()
                    .hearsNothingFor(seconds(7))
                    .sends(PROCESS_PAYMENT)
                    .waits(seconds(10));
        }

        @Test
        void that_used_up_patience_while_we_were_away_sends_again_before_giving_up() {
            Stage.PAYING
                    .story()
                    .hearsNothing(Story.SETTINGS.patience())
                    .hearsNothingFor(seconds(18))
                    .sends(PROCESS_PAYMENT)
                    .waits(seconds(15))
                    .hearsNothing()
                    .sends(REFUND);
        }

        @Test
        void that_ended_before_its_deadline_was_heard_is_stale() {
            Story story = Stage.PAYING.story();
            Event stale = story.deadline();
            story.hears(paymentCompleted()).hears(stale).doesNothing().goesOn();
        }

        @Test
        void of_an_earlier_attempt_is_stale() {
            Story story = Stage.PAYING.story();
            Event stale = story.deadline();
            story.hearsNothing().hears(stale).doesNothing().waits(seconds(10)).goesOn();
        }

        @Test
        void is_stale_once_the_order_waits_for_its_dispatch() {
            Story story = Stage.BOOKING.story();
            Event stale = story.deadline();
            story.hears(shipmentCreated())
                    .hears(stale)
                    .doesNothing()
                    .waitsForever()
                    .goesOn();
        }

        @Test
        void is_stale_while_a_refused_refund_pauses_and_the_end_of_a_pause_once_it_is_over() {
            Story story = WalkingBack.REFUNDING.story();
            Event silence = story.deadline();
            story.hears(refundFailed()).hears(silence).doesNothing();
            Event pause = story.deadline();
            story.hearsNothing().sends(REFUND).hears(pause).doesNothing().goesOn();
        }

        @Test
        void after_a_call_for_an_operator_is_stale() {
            Story story = WalkingBack.REFUNDING.story().hearsNothing(2);
            Event last = story.deadline();
            story.hearsNothing().hears(last).doesNothing().goesOn();
        }
    }

    @Nested
    class Late_answers {

        @Test
        void a_charge_that_is_heard_of_while_it_is_refunded_is_refunded_again() {
            Stage.PAYING
                    .story()
                    .losesPatience()
                    .hears(paymentCompleted())
                    .sends(REFUND)
                    .hears(paymentRefunded())
                    .sends(reject(RejectionReason.TIMED_OUT))
                    .ends();
        }

        @Test
        void a_charge_that_is_heard_of_before_its_refund_was_asked_waits_for_its_turn() {
            WalkingBack.RELEASING_STOCK
                    .story()
                    .hears(paymentCompleted())
                    .doesNothing()
                    .goesOn();
        }

        @Test
        void a_decline_while_it_is_refunded_means_that_nothing_was_charged() {
            Stage.PAYING
                    .story()
                    .hears(cancellationRequested(), paymentFailed())
                    .sends(CANCEL)
                    .ends();
        }

        @Test
        void stock_that_is_reserved_while_or_after_it_is_released_is_released_again() {
            Story story = Stage.RESERVING.story().losesPatience();
            story.hears(stockReserved()).sends(RELEASE_STOCK).goesOn();
            story.hears(stockReleased()).sends(REFUND);
            story.hears(stockReserved()).sends(RELEASE_STOCK).goesOn();
            story.hears(paymentRefunded())
                    .sends(reject(RejectionReason.TIMED_OUT))
                    .ends();
        }

        @Test
        void missing_stock_while_it_is_released_means_that_there_is_nothing_to_release() {
            Stage.RESERVING
                    .story()
                    .hears(cancellationRequested(), stockReservationFailed())
                    .sends(REFUND)
                    .hears(stockReleased())
                    .doesNothing()
                    .hears(paymentRefunded())
                    .sends(CANCEL)
                    .ends();
        }

        @Test
        void a_shipment_that_is_booked_while_or_after_it_is_cancelled_is_cancelled_again() {
            Story story = Stage.BOOKING.story().losesPatience();
            story.hears(shipmentCreated()).sends(CANCEL_SHIPMENT).goesOn();
            story.hears(shipmentCancelled()).sends(RELEASE_STOCK);
            story.hears(shipmentCreated()).sends(CANCEL_SHIPMENT).goesOn();
            story.hears(stockReleased()).sends(REFUND);
            story.hears(shipmentCreated()).sends(CANCEL_SHIPMENT).goesOn();
        }

        @Test
        void a_refused_shipment_while_it_is_cancelled_means_that_there_is_nothing_to_cancel() {
            Stage.BOOKING
                    .story()
                    .hears(cancellationRequested(), shipmentFailed())
                    .sends(RELEASE_STOCK)
                    .goesOn();
        }
    }

    @Nested
    class Counted {

        @Test
        void each_step_that_begins_counts_once_in_whichever_direction() {
            Stage.CONFIRMED
                    .story()
                    .hears(cancellationRequested(), shipmentCancelled(), stockReleased())
                    .counts("payment", 1)
                    .counts("dispatch", 1)
                    .counts("cancel-shipment", 1)
                    .counts("refund-payment", 1);
        }

        @Test
        void a_command_that_is_sent_again_is_no_new_step() {
            Stage.PAYING.story().hearsNothing(2).counts("payment", 1).countsRepeats("payment", 2);
        }
    }

    @Nested
    class Stored_as_JSON {

        private final RecordingCommandBus sent = new RecordingCommandBus();
        private final ObjectMapper json = WaybillJson.mapper();
        private final Collaborators with = new Collaborators(
                new Commands(sent), new NoDeadlines(), Story.SETTINGS, new FulfilmentMeters(new SimpleMeterRegistry()));

        @Test
        void it_goes_on_where_it_was() throws JsonProcessingException {
            OrderFulfilment saga = new OrderFulfilment();
            saga.on(orderPlaced(), with);
            saga = json.readValue(json.writeValueAsString(saga), OrderFulfilment.class);
            saga.on(paymentCompleted(), with);
            saga.on(stockReservationFailed(), with);
            saga = json.readValue(json.writeValueAsString(saga), OrderFulfilment.class);
            assertThat(sentNow()).containsExactly(PROCESS_PAYMENT, RESERVE_STOCK, REFUND);
            assertThat(json.writeValueAsString(saga)).contains("\"reason\":\"OUT_OF_STOCK\"");
        }

        @Test
        void its_deadlines_are_read_back_as_they_were_written() throws JsonProcessingException {
            AnswerOverdue overdue = new AnswerOverdue(ORDER, Step.PAYMENT, 3);
            RetryDue retry = new RetryDue(ORDER, Step.REFUND_PAYMENT, 2);
            assertThat(json.readValue(json.writeValueAsString(overdue), AnswerOverdue.class))
                    .isEqualTo(overdue);
            assertThat(json.readValue(json.writeValueAsString(retry), RetryDue.class))
                    .isEqualTo(retry);
        }

        private Stream<Object> sentNow() {
            return sent.getDispatchedCommands().stream().<Object>map(Message::getPayload);
        }
    }

    private record NoDeadlines() implements Deadlines {

        @Override
        public void arm(String id, Duration in, Event event) {}

        @Override
        public void disarm(String id) {}
    }
}
