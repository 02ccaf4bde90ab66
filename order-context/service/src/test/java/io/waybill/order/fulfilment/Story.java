package io.waybill.order.fulfilment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.axonframework.test.utils.RecordingCommandBus;
import org.jspecify.annotations.Nullable;

/** Tells a fulfilment what happened, and says what it did about the last of it. */
final class Story {

    static final FulfilmentSettings SETTINGS =
            new FulfilmentSettings(Duration.ofSeconds(5), Duration.ofSeconds(15), 2, 2);

    private final SagaTestFixture<OrderFulfilment> saga = new SagaTestFixture<>(OrderFulfilment.class);
    private final RecordingCommandBus sent = new RecordingCommandBus();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final Alarms alarms = new Alarms();

    private @Nullable FixtureExecutionResult result;

    Story() {
        saga.givenCurrentTime(Instant.parse("2026-11-22T12:00:00Z"));
        saga.registerResource(new Collaborators(new Commands(sent), alarms, SETTINGS, new FulfilmentMeters(metrics)));
    }

    Story hears(Object... events) {
        for (Object event : events) {
            sent.clearCommands();
            result = saga.whenPublishingA(event).expectSuccessfulHandlerExecution();
        }
        return this;
    }

    /** The deadline that is armed goes off in time. */
    Story hearsNothing() {
        return hearsNothingFor(alarms.only().in());
    }

    /** The deadline that is armed goes off, but only after so long. */
    Story hearsNothingFor(Duration time) {
        Alarm alarm = alarms.only();
        Duration late = time.minus(alarm.in());
        return hears(new GenericEventMessage<>(alarm.event(), Map.of(Deadlines.LATE_MILLIS, late.toMillis())));
    }

    Story hearsNothing(int times) {
        for (int i = 0; i < times; i++) {
            hearsNothing();
        }
        return this;
    }

    /** So often has a fulfilment begun this step. */
    Story counts(String step, int times) {
        assertThat(metrics.get("waybill.saga.steps").tag("step", step).counter().count())
                .isEqualTo(times);
        return this;
    }

    /** So often was this step's command sent again because nobody answered. */
    Story countsRepeats(String step, int times) {
        assertThat(metrics.get("waybill.saga.repeats")
                        .tag("step", step)
                        .counter()
                        .count())
                .isEqualTo(times);
        return this;
    }

    Story losesPatience() {
        return hearsNothing(SETTINGS.patience() + 1);
    }

    Story sends(Command... commands) {
        assertThat(sentPayloads()).containsExactly((Object[]) commands);
        return this;
    }

    private List<Object> sentPayloads() {
        return sent.getDispatchedCommands().stream()
                .<Object>map(Message::getPayload)
                .toList();
    }

    Story doesNothing() {
        return sends();
    }

    Story waits(Duration wait) {
        assertThat(alarms.only().in()).isEqualTo(wait);
        return this;
    }

    Story waitsForever() {
        assertThat(alarms.armed).isEmpty();
        return this;
    }

    Event deadline() {
        return alarms.only().event();
    }

    Story goesOn() {
        requireNonNull(result).expectActiveSagas(1);
        return this;
    }

    void ends() {
        requireNonNull(result).expectActiveSagas(0);
        assertThat(alarms.armed).isEmpty();
    }

    private record Alarm(Duration in, Event event) {}

    private static final class Alarms implements Deadlines {

        private final Map<String, Alarm> armed = new HashMap<>();

        @Override
        public void arm(String id, Duration in, Event event) {
            armed.put(id, new Alarm(in, event));
        }

        @Override
        public void disarm(String id) {
            armed.remove(id);
        }

        Alarm only() {
            assertThat(armed).hasSize(1);
            return armed.values().iterator().next();
        }
    }
}
