package io.waybill.shipping.booking;

import static io.waybill.shipping.ShippingFixtures.ORDER;
import static io.waybill.shipping.ShippingFixtures.SHIPMENT;
import static io.waybill.shipping.ShippingFixtures.TRACKING_CODE;
import static io.waybill.shipping.ShippingFixtures.cancel;
import static io.waybill.shipping.ShippingFixtures.cancellationRefused;
import static io.waybill.shipping.ShippingFixtures.cancelled;
import static io.waybill.shipping.ShippingFixtures.confirmDelivery;
import static io.waybill.shipping.ShippingFixtures.createShipment;
import static io.waybill.shipping.ShippingFixtures.created;
import static io.waybill.shipping.ShippingFixtures.delivered;
import static io.waybill.shipping.ShippingFixtures.dispatch;
import static io.waybill.shipping.ShippingFixtures.dispatched;
import static io.waybill.shipping.ShippingFixtures.failed;
import static io.waybill.shipping.ShippingFixtures.requested;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.KernelCommandTargetResolver;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.tasks.Tasks;
import io.waybill.shipping.ShippingRejection;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.booking.Carrier.BookingAnswer;
import io.waybill.testing.CallRecorder;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.hamcrest.CustomTypeSafeMatcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShipmentTest {

    private static final Command BOOKED = new RecordBookingAnswer(SHIPMENT, new BookingAnswer.Booked(TRACKING_CODE));
    private static final Command REFUSED =
            new RecordBookingAnswer(SHIPMENT, new BookingAnswer.Refused("postal_code_not_served"));
    private static final Command TAKEN_BACK = new RecordCancellation(SHIPMENT);

    private static final String ASK_FOR_BOOKING = "enqueue shipping.book " + SHIPMENT;
    private static final String STOP_BOOKING = "cancel shipping.book " + SHIPMENT;
    private static final String ASK_TO_TAKE_IT_BACK = "enqueue shipping.cancel " + SHIPMENT;

    private final CallRecorder<Tasks> tasks = CallRecorder.of(Tasks.class);
    private FixtureConfiguration<Shipment> fixture;

    @BeforeEach
    void prepare() {
        fixture = new AggregateTestFixture<>(Shipment.class);
        fixture.registerCommandTargetResolver(new KernelCommandTargetResolver());
        fixture.registerInjectableResource(tasks.collaborator());
    }

    /** Every life a shipment can have had when the booking is no longer open. */
    static Stream<List<Event>> livesWithoutAnOpenBooking() {
        return Stream.concat(
                Stream.of(
                        List.of(requested(), created()),
                        List.of(requested(), failed()),
                        List.of(requested(), created(), dispatched()),
                        List.of(requested(), created(), dispatched(), delivered())),
                cancelledLives());
    }

    /** Every life that ends or will end with a cancellation. */
    static Stream<List<Event>> cancelledLives() {
        return Stream.of(
                List.of(requested(), cancellationRequested()),
                List.of(requested(), created(), cancellationRequested()),
                List.of(requested(), cancellationRequested(), cancelled()),
                List.of(requested(), failed(), cancelled()),
                List.of(cancelled()));
    }

    /** Every life of a parcel that was not handed over. */
    static Stream<List<Event>> livesWithoutADispatch() {
        return Stream.concat(
                Stream.of(List.of(requested()), List.of(requested(), created()), List.of(requested(), failed())),
                cancelledLives());
    }

    /** Every life in which the carrier is not to take a booking back. */
    static Stream<List<Event>> livesWithoutAnOpenCancellation() {
        return Stream.of(
                List.of(requested()),
                List.of(requested(), created()),
                List.of(requested(), failed()),
                List.of(requested(), created(), dispatched()),
                List.of(requested(), cancellationRequested(), cancelled()),
                List.of(cancelled()));
    }

    @Nested
    class Asked_to_create_it {

        @Test
        void it_is_requested_and_the_carrier_will_be_asked() {
            when(List.of(), createShipment()).expectEvents(requested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_BOOKING + " " + requested());
        }

        @Test
        void again_while_the_answer_is_open_it_stays_silent() {
            isSilent(List.of(requested()), createShipment());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutAnOpenBooking")
        void again_after_anything_else_it_stays_silent_and_books_nothing(List<Event> life) {
            isSilent(life, createShipment());
        }
    }

    @Nested
    class Taking_up_the_booking {

        @Test
        void tells_where_to_ship_to_while_the_answer_is_open() {
            when(List.of(requested()), new TakeUpBooking(SHIPMENT)).expectResultMessagePayload(requested());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutAnOpenBooking")
        void tells_nothing_otherwise(List<Event> life) {
            when(life, new TakeUpBooking(SHIPMENT)).expectNoEvents().expectResultMessagePayload(null);
        }
    }

    @Nested
    class When_the_carrier_answers_the_booking {

        @Test
        void booked_creates_it() {
            when(List.of(requested()), BOOKED).expectEvents(created());
        }

        @Test
        void refused_fails_it() {
            when(List.of(requested()), REFUSED).expectEvents(failed());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutAnOpenBooking")
        void booked_again_or_too_late_changes_nothing(List<Event> life) {
            isSilent(life, BOOKED);
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutAnOpenBooking")
        void refused_again_or_too_late_changes_nothing(List<Event> life) {
            isSilent(life, REFUSED);
        }
    }

    @Nested
    class Asked_to_cancel_it {

        @Test
        void before_anything_was_known_it_is_cancelled() {
            when(List.of(), cancel()).expectEvents(cancelled());

            assertThat(tasks.calls()).isEmpty();
        }

        @Test
        void after_the_carrier_refused_it_is_cancelled() {
            when(List.of(requested(), failed()), cancel()).expectEvents(cancelled());

            assertThat(tasks.calls()).isEmpty();
        }

        @Test
        void while_the_booking_is_open_booking_stops_and_the_carrier_will_be_asked_to_take_it_back() {
            when(List.of(requested()), cancel()).expectEvents(cancellationRequested());

            assertThat(tasks.calls()).containsExactly(STOP_BOOKING, ASK_TO_TAKE_IT_BACK);
        }

        @Test
        void after_the_booking_the_carrier_will_be_asked_to_take_it_back() {
            when(List.of(requested(), created()), cancel()).expectEvents(cancellationRequested());

            assertThat(tasks.calls()).contains(ASK_TO_TAKE_IT_BACK);
        }

        @Test
        void after_the_dispatch_the_cancellation_is_refused() {
            when(List.of(requested(), created(), dispatched()), cancel()).expectEvents(cancellationRefused());
        }

        @Test
        void after_the_delivery_the_cancellation_is_refused() {
            when(List.of(requested(), created(), dispatched(), delivered()), cancel())
                    .expectEvents(cancellationRefused());
        }

        @Test
        void again_after_the_refusal_it_stays_silent() {
            isSilent(List.of(requested(), created(), dispatched(), cancellationRefused()), cancel());
            isSilent(List.of(requested(), created(), dispatched(), cancellationRefused(), delivered()), cancel());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#cancelledLives")
        void again_after_the_cancellation_it_stays_silent(List<Event> life) {
            isSilent(life, cancel());
        }
    }

    @Nested
    class When_the_carrier_took_the_booking_back {

        @Test
        void it_is_cancelled() {
            when(List.of(requested(), created(), cancellationRequested()), TAKEN_BACK)
                    .expectEvents(cancelled());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutAnOpenCancellation")
        void again_or_unasked_it_changes_nothing(List<Event> life) {
            isSilent(life, TAKEN_BACK);
        }
    }

    @Nested
    class Asked_to_dispatch_it {

        @Test
        void once_the_carrier_accepted_it_it_is_dispatched() {
            when(List.of(requested(), created()), dispatch())
                    .expectEvents(dispatched())
                    .expectResultMessagePayload(ShipmentStatus.DISPATCHED);
        }

        @Test
        void again_it_stays_silent() {
            isSilent(List.of(requested(), created(), dispatched()), dispatch());
            isSilent(List.of(requested(), created(), dispatched(), cancellationRefused()), dispatch());
            isSilent(List.of(requested(), created(), dispatched(), delivered()), dispatch());
        }

        @Test
        void before_the_carrier_answered_it_is_not_ready() {
            isRejected(List.of(requested()), dispatch(), ShippingRejection.SHIPMENT_NOT_READY);
        }

        @Test
        void after_the_carrier_refused_it_is_not_ready() {
            isRejected(List.of(requested(), failed()), dispatch(), ShippingRejection.SHIPMENT_NOT_READY);
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#cancelledLives")
        void after_the_cancellation_was_asked_it_is_cancelled(List<Event> life) {
            isRejected(life, dispatch(), ShippingRejection.SHIPMENT_CANCELLED);
        }

        @Test
        void before_anything_was_known_it_is_not_found() {
            isRejected(List.of(), dispatch(), ShippingRejection.SHIPMENT_NOT_FOUND);
        }
    }

    @Nested
    class Told_of_the_delivery {

        @Test
        void after_the_dispatch_it_is_delivered() {
            when(List.of(requested(), created(), dispatched()), confirmDelivery())
                    .expectEvents(delivered())
                    .expectResultMessagePayload(ShipmentStatus.DELIVERED);
        }

        @Test
        void again_it_stays_silent() {
            isSilent(List.of(requested(), created(), dispatched(), delivered()), confirmDelivery());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.shipping.booking.ShipmentTest#livesWithoutADispatch")
        void without_a_dispatch_it_is_rejected(List<Event> life) {
            isRejected(life, confirmDelivery(), ShippingRejection.SHIPMENT_NOT_DISPATCHED);
        }

        @Test
        void before_anything_was_known_it_is_not_found() {
            isRejected(List.of(), confirmDelivery(), ShippingRejection.SHIPMENT_NOT_FOUND);
        }
    }

    private static ShipmentCancellationRequested cancellationRequested() {
        return new ShipmentCancellationRequested(SHIPMENT, ORDER);
    }

    private ResultValidator<Shipment> when(List<Event> life, Command command) {
        return fixture.given(life).when(command).expectSuccessfulHandlerExecution();
    }

    private void isSilent(List<Event> life, Command command) {
        prepare();
        when(life, command).expectNoEvents();
        assertThat(tasks.calls()).isEmpty();
    }

    private void isRejected(List<Event> life, Command command, ShippingRejection code) {
        fixture.given(life).when(command).expectNoEvents().expectException(with(code));
        assertThat(tasks.calls()).isEmpty();
    }

    private static CustomTypeSafeMatcher<Rejection> with(ShippingRejection code) {
        return new CustomTypeSafeMatcher<>("a rejection with " + code) {
            @Override
            protected boolean matchesSafely(Rejection rejection) {
                return rejection.code() == code;
            }
        };
    }
}
