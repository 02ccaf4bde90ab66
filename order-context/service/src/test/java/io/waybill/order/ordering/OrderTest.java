package io.waybill.order.ordering;

import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.ORDER;
import static io.waybill.order.OrderFixtures.SHIPMENT;
import static io.waybill.order.OrderFixtures.STOVE;
import static io.waybill.order.OrderFixtures.cancellationRequested;
import static io.waybill.order.OrderFixtures.compensationResumed;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.orderCancelled;
import static io.waybill.order.OrderFixtures.orderConfirmed;
import static io.waybill.order.OrderFixtures.orderDispatched;
import static io.waybill.order.OrderFixtures.orderPlaced;
import static io.waybill.order.OrderFixtures.orderRejected;
import static io.waybill.order.OrderFixtures.placeOrder;
import static io.waybill.order.OrderFixtures.wish;
import static io.waybill.order.api.CompensationStep.REFUND_PAYMENT;
import static io.waybill.order.api.CompensationStep.RELEASE_STOCK;
import static io.waybill.order.api.RejectionReason.OUT_OF_STOCK;
import static org.hamcrest.Matchers.equalTo;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import io.waybill.messaging.KernelCommandTargetResolver;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.RejectionCode;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CancellationRefused;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.ConfirmOrder;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderLine;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RecordDelivery;
import io.waybill.order.api.RecordDispatch;
import io.waybill.order.api.RejectOrder;
import io.waybill.order.api.ReportStuckCompensation;
import io.waybill.order.api.RequestCancellation;
import io.waybill.order.api.RequestedLine;
import io.waybill.order.api.ResumeCompensation;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.hamcrest.FeatureMatcher;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OrderTest {

    private static final Sku LAMP_PRICED_IN_DOLLARS = Sku.of("LAMP");
    private static final Sku YACHT = Sku.of("YACHT");
    private static final Map<Sku, Money> PRICES = Map.of(
            MUG, euros("12.50"),
            STOVE, euros("49.00"),
            LAMP_PRICED_IN_DOLLARS, Money.parse("30.00", "USD"),
            YACHT, Money.ofMinor(Long.MAX_VALUE / 2, "EUR"));

    private final AggregateTestFixture<Order> order = new AggregateTestFixture<>(Order.class);

    @BeforeEach
    void priceTheCatalogue() {
        order.registerCommandTargetResolver(new KernelCommandTargetResolver());
        order.registerInjectableResource((PriceList) skus -> PRICES);
    }

    @Nested
    class Placing {

        @Test
        void is_accepted_at_the_prices_of_the_day() {
            order.givenNoPriorActivity().when(placeOrder()).expectEvents(orderPlaced());
        }

        @Test
        void again_changes_nothing() {
            order.given(orderPlaced())
                    .when(placeOrder())
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void the_same_product_twice_is_one_line() {
            PlaceOrder twice = placeOrder(wish(MUG, 1), wish(STOVE, 1), wish(MUG, 1));
            order.givenNoPriorActivity().when(twice).expectEvents(orderPlaced());
        }

        @Test
        void sums_no_product_above_the_largest_quantity() {
            invalid(order.givenNoPriorActivity().when(placeOrder(wish(MUG, Quantity.MAX), wish(MUG, 1))));
        }

        @Test
        void refuses_an_unknown_product() {
            rejects(
                    OrderRejection.UNKNOWN_SKU,
                    order.givenNoPriorActivity().when(placeOrder(wish(MUG, 1), wish(Sku.of("UNICORN"), 1))));
        }

        @Test
        void refuses_mixed_currencies() {
            rejects(
                    OrderRejection.MIXED_CURRENCIES,
                    order.givenNoPriorActivity().when(placeOrder(wish(MUG, 1), wish(LAMP_PRICED_IN_DOLLARS, 1))));
        }

        @Test
        void refuses_a_total_that_no_one_can_count() {
            invalid(order.givenNoPriorActivity().when(placeOrder(wish(YACHT, 3))));
        }

        @Test
        void refuses_an_order_without_lines() {
            invalid(order.givenNoPriorActivity().when(placeOrder(new RequestedLine[0])));
        }

        @Test
        void takes_a_hundred_lines_and_no_more() {
            order.givenNoPriorActivity()
                    .when(placeOrder(mugs(100)))
                    .expectEvents(new OrderPlaced(
                            ORDER,
                            orderPlaced().customerId(),
                            List.of(new OrderLine(MUG, Quantity.of(100), euros("12.50"))),
                            euros("1250.00"),
                            orderPlaced().shippingAddress(),
                            orderPlaced().paymentMethod()));
            invalid(order.givenNoPriorActivity().when(placeOrder(mugs(101))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "pm card", "pm_\n"})
        void refuses_a_payment_method_that_is_none(String paymentMethod) {
            PlaceOrder wish = placeOrder();
            invalid(order.givenNoPriorActivity()
                    .when(new PlaceOrder(
                            ORDER, wish.customerId(), wish.lines(), wish.shippingAddress(), paymentMethod)));
        }

        private RequestedLine[] mugs(int lines) {
            return IntStream.range(0, lines).mapToObj(line -> wish(MUG, 1)).toArray(RequestedLine[]::new);
        }
    }

    @Nested
    class Cancelling {

        private final RequestCancellation wish = new RequestCancellation(ORDER, " changed my mind ");

        @Test
        void a_placed_order_is_undone_from_now_on() {
            order.given(orderPlaced()).when(wish).expectEvents(cancellationRequested());
        }

        @Test
        void a_confirmed_order_is_undone_from_now_on() {
            order.given(orderPlaced(), orderConfirmed()).when(wish).expectEvents(cancellationRequested());
        }

        @Test
        void again_changes_nothing() {
            silent(order.given(orderPlaced(), cancellationRequested()).when(wish));
        }

        @Test
        void a_cancelled_order_changes_nothing() {
            silent(order.given(orderPlaced(), cancellationRequested(), orderCancelled())
                    .when(wish));
        }

        @Test
        void a_dispatched_order_is_too_late() {
            rejects(
                    OrderRejection.ORDER_ALREADY_DISPATCHED,
                    order.given(orderPlaced(), orderConfirmed(), orderDispatched())
                            .when(wish));
        }

        @Test
        void a_delivered_order_is_too_late() {
            rejects(
                    OrderRejection.ORDER_ALREADY_DISPATCHED,
                    order.given(orderPlaced(), orderDispatched(), new OrderDelivered(ORDER, SHIPMENT))
                            .when(wish));
        }

        @Test
        void a_rejected_order_makes_no_sense() {
            rejects(
                    OrderRejection.ORDER_NOT_CANCELLABLE,
                    order.given(orderPlaced(), orderRejected(OUT_OF_STOCK)).when(wish));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "  ", "a\u0000b"})
        void needs_a_reason_to_read(String reason) {
            invalid(order.given(orderPlaced()).when(new RequestCancellation(ORDER, reason)));
        }

        @Test
        void needs_a_reason_that_is_short() {
            invalid(order.given(orderPlaced()).when(new RequestCancellation(ORDER, "x".repeat(501))));
        }
    }

    @Nested
    class Confirming {

        private final ConfirmOrder command = new ConfirmOrder(ORDER);

        @Test
        void a_placed_order_promises_it() {
            order.given(orderPlaced()).when(command).expectEvents(orderConfirmed());
        }

        @Test
        void again_changes_nothing() {
            silent(order.given(orderPlaced(), orderConfirmed()).when(command));
        }

        @Test
        void an_order_that_the_customer_no_longer_wants_is_ignored() {
            silent(order.given(orderPlaced(), cancellationRequested()).when(command));
        }

        @Test
        void an_order_that_is_over_is_ignored() {
            silent(order.given(orderPlaced(), orderRejected(OUT_OF_STOCK)).when(command));
        }
    }

    @Nested
    class Ending {

        private final RejectOrder reject = new RejectOrder(ORDER, OUT_OF_STOCK);
        private final CancelOrder cancel = new CancelOrder(ORDER);

        @Test
        void a_placed_order_can_be_rejected() {
            order.given(orderPlaced()).when(reject).expectEvents(orderRejected(OUT_OF_STOCK));
        }

        @Test
        void our_failure_wins_over_a_cancellation_that_came_later() {
            order.given(orderPlaced(), cancellationRequested()).when(reject).expectEvents(orderRejected(OUT_OF_STOCK));
        }

        @Test
        void a_cancelling_order_can_be_cancelled() {
            order.given(orderPlaced(), cancellationRequested()).when(cancel).expectEvents(orderCancelled());
        }

        @Test
        void a_stuck_order_can_end_after_all() {
            order.given(orderPlaced(), cancellationRequested(), new CompensationStuck(ORDER, REFUND_PAYMENT))
                    .when(cancel)
                    .expectEvents(orderCancelled());
        }

        @Test
        void twice_changes_nothing() {
            silent(order.given(orderPlaced(), orderRejected(OUT_OF_STOCK)).when(reject));
            silent(order.given(orderPlaced(), cancellationRequested(), orderCancelled())
                    .when(cancel));
        }

        @Test
        void a_dispatched_order_is_ignored() {
            silent(order.given(orderPlaced(), orderDispatched()).when(reject));
            silent(order.given(orderPlaced(), orderDispatched()).when(cancel));
        }
    }

    @Nested
    class Getting_stuck {

        private final ReportStuckCompensation report = new ReportStuckCompensation(ORDER, REFUND_PAYMENT);
        private final CompensationStuck stuck = new CompensationStuck(ORDER, REFUND_PAYMENT);

        @Test
        void is_told() {
            order.given(orderPlaced(), cancellationRequested()).when(report).expectEvents(stuck);
        }

        @Test
        void twice_at_one_step_changes_nothing() {
            silent(order.given(orderPlaced(), cancellationRequested(), stuck).when(report));
        }

        @Test
        void at_the_next_step_is_told_again() {
            order.given(orderPlaced(), cancellationRequested(), new CompensationStuck(ORDER, RELEASE_STOCK))
                    .when(report)
                    .expectEvents(stuck);
        }

        @Test
        void is_ignored_once_the_order_is_over() {
            silent(order.given(orderPlaced(), orderCancelled()).when(report));
        }

        @Test
        void ends_when_an_operator_resumes() {
            order.given(orderPlaced(), cancellationRequested(), stuck)
                    .when(new ResumeCompensation(ORDER))
                    .expectEvents(compensationResumed());
        }

        @Test
        void is_what_an_operator_resumes_and_nothing_else() {
            rejects(
                    OrderRejection.COMPENSATION_NOT_STUCK,
                    order.given(orderPlaced()).when(new ResumeCompensation(ORDER)));
            rejects(
                    OrderRejection.COMPENSATION_NOT_STUCK,
                    order.given(orderPlaced(), stuck, compensationResumed()).when(new ResumeCompensation(ORDER)));
            rejects(
                    OrderRejection.COMPENSATION_NOT_STUCK,
                    order.given(orderPlaced(), stuck, orderCancelled()).when(new ResumeCompensation(ORDER)));
        }

        @Test
        void again_after_it_was_resumed_is_told_again() {
            order.given(orderPlaced(), stuck, compensationResumed())
                    .when(report)
                    .expectEvents(stuck);
        }
    }

    @Nested
    class Shipping {

        private final RecordDispatch dispatch = new RecordDispatch(ORDER, SHIPMENT);
        private final RecordDelivery delivery = new RecordDelivery(ORDER, SHIPMENT);
        private final OrderDelivered delivered = new OrderDelivered(ORDER, SHIPMENT);

        @Test
        void a_confirmed_order_is_on_its_way() {
            order.given(orderPlaced(), orderConfirmed()).when(dispatch).expectEvents(orderDispatched());
        }

        @Test
        void a_cancelling_order_refuses_the_cancellation_and_goes_on() {
            order.given(orderPlaced(), orderConfirmed(), cancellationRequested())
                    .when(dispatch)
                    .expectEvents(new CancellationRefused(ORDER), orderDispatched());
        }

        @Test
        void twice_changes_nothing() {
            silent(order.given(orderPlaced(), orderDispatched()).when(dispatch));
            silent(order.given(orderPlaced(), orderDispatched(), delivered).when(dispatch));
            silent(order.given(orderPlaced(), orderDispatched(), delivered).when(delivery));
        }

        @Test
        void a_dispatched_order_arrives() {
            order.given(orderPlaced(), orderDispatched()).when(delivery).expectEvents(delivered);
        }

        @Test
        void an_arrival_may_be_heard_of_before_the_dispatch() {
            order.given(orderPlaced(), orderConfirmed()).when(delivery).expectEvents(orderDispatched(), delivered);
        }

        @Test
        void an_order_that_is_over_is_ignored() {
            silent(order.given(orderPlaced(), orderCancelled()).when(dispatch));
            silent(order.given(orderPlaced(), orderRejected(OUT_OF_STOCK)).when(delivery));
        }
    }

    private static void silent(ResultValidator<Order> result) {
        result.expectSuccessfulHandlerExecution().expectNoEvents();
    }

    private static void invalid(ResultValidator<Order> result) {
        result.expectNoEvents().expectException(InvalidValueException.class);
    }

    private static void rejects(OrderRejection code, ResultValidator<Order> result) {
        result.expectNoEvents().expectException(rejectionWith(code));
    }

    private static Matcher<Rejection> rejectionWith(OrderRejection code) {
        return new FeatureMatcher<Rejection, RejectionCode>(
                equalTo((RejectionCode) code), "a rejection with the code", "code") {
            @Override
            protected RejectionCode featureValueOf(Rejection rejection) {
                return rejection.code();
            }
        };
    }
}
