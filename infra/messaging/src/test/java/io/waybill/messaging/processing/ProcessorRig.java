package io.waybill.messaging.processing;

import io.waybill.messaging.processing.Processors.ProcessorStatus;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;

/** The processors of one process, put together as the auto-configuration does it. */
public final class ProcessorRig implements AutoCloseable {

    public static final Duration LEASE = Duration.ofSeconds(1);

    private final SampleProcess process;
    private final ProcessInstance instance;
    private final StreamProcessor.Parts parts;
    private final Processors processors;
    private final List<Runnable> whenClaimed = new CopyOnWriteArrayList<>();
    private final List<EventProcessor> made = new ArrayList<>();

    /** @param segments by the processor's name; one where nothing is said */
    public ProcessorRig(SampleProcess process, Map<String, Integer> segments) {
        this.process = process;
        this.instance = new ProcessInstance(process.jdbc(), UUID.randomUUID().toString(), LEASE);
        this.parts = new StreamProcessor.Parts(
                process.stream(),
                new ProcessorTokens(process.jdbc()),
                new ParkedEvents(process.jdbc()),
                instance,
                process.transactions(),
                200,
                Tracing.off(),
                () -> whenClaimed.forEach(Runnable::run));
        this.processors = new Processors(process.catalogue().context(), parts, segments);
        instance.start();
    }

    public ProcessorRig(SampleProcess process) {
        this(process, Map.of());
    }

    public EventProcessor create(String name, EventHandlerInvoker invoker) {
        EventProcessor processor = processors.create(name, invoker);
        made.add(processor);
        return processor;
    }

    public EventProcessor create(String name, Object... handlers) {
        return create(
                name,
                SimpleEventHandlerInvoker.builder()
                        .eventHandlers(List.of(handlers))
                        .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                        .build());
    }

    /** Is run when a segment has been claimed. */
    void whenClaimed(Runnable deed) {
        whenClaimed.add(deed);
    }

    public Processors processors() {
        return processors;
    }

    public ProcessorStatus status(String name) {
        return processors.statuses().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    ProcessorTokens tokens() {
        return parts.tokens();
    }

    String instanceId() {
        return instance.id();
    }

    /** Its connections go and it signs off nowhere, but its threads still believe that they own something. */
    void die() {
        process.close();
    }

    @Override
    public void close() {
        made.forEach(EventProcessor::shutDown);
        instance.stop();
        process.close();
    }
}
