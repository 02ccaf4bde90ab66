package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.messaging.metrics.StreamReadings.Lag;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * What an operator wants to know of processors, outbox and parked messages. Where it cannot be known at the moment, or
 * another process knows better, a gauge says NaN.
 */
final class StreamGauges implements ApplicationListener<ApplicationReadyEvent> {

    private final MeterRegistry registry;
    private final ProcessorPlaces places;
    private final OwnQueues queues;
    private final String outbox;
    private final CachedReading<Map<String, Lag>> lags;
    private final CachedReading<Map<String, Long>> parked;

    StreamGauges(
            MeterRegistry registry, ProcessorPlaces places, OwnQueues queues, String outbox, StreamReadings readings) {
        this.registry = registry;
        this.places = places;
        this.queues = queues;
        this.outbox = outbox;
        this.lags = new CachedReading<>("metrics-lags", readings::lags);
        this.parked = new CachedReading<>("metrics-parked", readings::parked);
    }

    /** Processors are made while the application starts, so all are there now. */
    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        bind();
    }

    void bind() {
        parked.reachable("database", registry);
        for (String processor : places.names()) {
            lag("waybill.processor.lag", "events", processor, Lag::events)
                    .description("events that a processor has not handled yet, counted up to 10000")
                    .tag("processor", processor)
                    .register(registry);
            lag("waybill.processor.delay", "seconds", processor, Lag::seconds)
                    .description("age of the eldest event that a processor has not handled yet")
                    .tag("processor", processor)
                    .register(registry);
            lag("waybill.processor.replaying", null, processor, lag -> lag.replaying() ? 1 : 0)
                    .description("1 while a processor replays")
                    .tag("processor", processor)
                    .register(registry);
            parked("waybill.parked.events", "events", processor)
                    .description("events that a processor could not handle")
                    .tag("processor", processor)
                    .register(registry);
        }
        lag("waybill.outbox.size", "events", outbox, Lag::own)
                .description("events that are not sent yet, counted up to 10000")
                .register(registry);
        lag("waybill.outbox.age", "seconds", outbox, Lag::ownSeconds)
                .description("age of the eldest event that is not sent yet")
                .register(registry);
        for (String queue : queues.names()) {
            parked("waybill.parked.messages", "messages", queue)
                    .description("messages from the broker that could not be understood or carried out")
                    .tag("queue", queue)
                    .register(registry);
        }
    }

    private Gauge.Builder<CachedReading<Map<String, Lag>>> lag(
            String name, @Nullable String unit, String processor, ToDoubleFunction<Lag> value) {
        return Gauge.builder(
                        name,
                        lags,
                        reading -> reading.get()
                                .map(all -> all.get(processor))
                                .map(value::applyAsDouble)
                                .orElse(Double.NaN))
                .baseUnit(unit);
    }

    private Gauge.Builder<CachedReading<Map<String, Long>>> parked(String name, String unit, String of) {
        return Gauge.builder(
                        name,
                        parked,
                        reading -> reading.get()
                                .map(all -> (double) all.getOrDefault(of, 0L))
                                .orElse(Double.NaN))
                .baseUnit(unit);
    }
}
