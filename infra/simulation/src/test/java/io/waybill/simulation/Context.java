package io.waybill.simulation;

import io.waybill.kernel.Event;
import io.waybill.messaging.KernelCommandTargetResolver;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.Rejection;
import io.waybill.simulation.Broker.Sent;
import io.waybill.simulation.Broker.Told;
import io.waybill.simulation.ContextStream.Entry;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;

/** One bounded context: its stream, what reads and fills it, and its aggregates, tasks and alarms. */
final class Context {

    private static final int LARGEST_BATCH = 3;

    final String name;
    final ContextStream stream;
    final SimulatedBus bus;
    final TaskQueue tasks;
    final Alarms alarms;

    private final MessageCatalogue catalogue;
    private final Broker broker;
    private final Faults faults;
    private final VirtualClock clock;
    private final Transactions transactions;
    private final Table<Boolean> taken;
    private final Table<Integer> published;
    private final List<Processor> processors = new ArrayList<>();

    Context(
            String name,
            MessageCatalogue catalogue,
            Broker broker,
            Faults faults,
            VirtualClock clock,
            Transactions transactions) {
        this.name = name;
        this.catalogue = catalogue;
        this.broker = broker;
        this.faults = faults;
        this.clock = clock;
        this.transactions = transactions;
        this.stream = new ContextStream(name, transactions);
        SimpleCommandBus local =
                SimpleCommandBus.builder().transactionManager(transactions).build();
        this.bus = new SimulatedBus(local, broker, catalogue, faults.tally);
        this.tasks = new TaskQueue(faults, clock, transactions);
        this.alarms = new Alarms(name, stream, clock, transactions, faults.tally);
        this.taken = new Table<>(transactions);
        this.published = new Table<>(transactions);
        if (faults.has(Defect.PUBLISHES_BEFORE_COMMIT)) {
            stream.beforeCommit(entry -> {
                if (isPublic(entry)) {
                    broker.tell(entry);
                }
            });
        }
    }

    /** Lets an aggregate decide on the commands that it has handlers for. */
    <T> void decides(Class<T> aggregate, Object... resources) {
        ParameterResolverFactory parameters = parameters(aggregate, resources);
        EventStore store = EmbeddedEventStore.builder().storageEngine(stream).build();
        EventSourcingRepository<T> repository = EventSourcingRepository.builder(aggregate)
                .eventStore(store)
                .parameterResolverFactory(parameters)
                .lockFactory(NullLockFactory.INSTANCE)
                .build();
        AggregateAnnotationCommandHandler.<T>builder()
                .aggregateType(aggregate)
                .repository(repository)
                .commandTargetResolver(new KernelCommandTargetResolver())
                .parameterResolverFactory(parameters)
                .build()
                .subscribe(bus);
    }

    static ParameterResolverFactory parameters(Class<?> of, Object... resources) {
        return MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(of),
                new SimpleResourceParameterResolverFactory(List.of(resources)));
    }

    void reacts(String processor, EventHandlerInvoker handlers) {
        processors.add(new Processor(processor, handlers, stream, transactions, faults));
    }

    List<Processor> processors() {
        return processors;
    }

    void clear() {
        stream.clear();
        tasks.clear();
        alarms.clear();
        taken.clear();
        published.clear();
        processors.forEach(Processor::clear);
    }

    /** What is in memory is gone. */
    void crash() {
        faults.note(() -> name + " crashes");
        tasks.crash();
        if (faults.has(Defect.FORGETS_DEADLINES)) {
            alarms.clear();
        }
    }

    // Commands

    boolean hasCommand() {
        for (Sent sent : broker.commandsFor(name)) {
            if (sent.arrival() <= clock.now()) {
                return true;
            }
        }
        return false;
    }

    /** Acknowledged after the commit; what was refused is dropped. */
    void carryOutCommand() {
        List<Sent> arrived = new ArrayList<>();
        for (Sent sent : broker.commandsFor(name)) {
            if (sent.arrival() <= clock.now()) {
                arrived.add(sent);
            }
        }
        Sent sent = faults.choices().oneOf(arrived);
        faults.note(() -> name + " receives " + sent.command().getPayload());
        try {
            carryOut(sent.command());
        } catch (Rejection e) {
            faults.note(() -> "  and refuses it: " + e.code());
        }
        faults.mayCrash(CrashPoint.AFTER_COMMIT);
        broker.commandsFor(name).remove(sent);
    }

    /** @throws Rejection if the command is refused */
    Object ask(Object command) {
        Object answer = carryOut(GenericCommandMessage.asCommandMessage(command));
        faults.mayCrash(CrashPoint.AFTER_COMMIT);
        return answer;
    }

    private Object carryOut(CommandMessage<?> command) {
        FutureCallback<Object, Object> callback = new FutureCallback<>();
        bus.dispatch(new GenericCommandMessage<Object>(command.getPayload()), callback);
        CommandResultMessage<?> result = callback.getResult();
        if (result.isExceptional()) {
            throw result.exceptionResult() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(result.exceptionResult());
        }
        return String.valueOf(result.getPayload());
    }

    // Events from others

    boolean hasForeignEvent() {
        for (Deque<Told> lane : broker.eventsFor(name).values()) {
            if (hasArrived(lane)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasArrived(Deque<Told> lane) {
        return !lane.isEmpty() && lane.getFirst().arrival() <= clock.now();
    }

    void takeInEvents() {
        List<Deque<Told>> ready = new ArrayList<>();
        for (Deque<Told> lane : broker.eventsFor(name).values()) {
            if (hasArrived(lane)) {
                ready.add(lane);
            }
        }
        Deque<Told> lane = faults.choices().oneOf(ready);
        int most = 1 + faults.choices().below(LARGEST_BATCH);
        List<Told> batch = new ArrayList<>();
        for (Told told : lane) {
            if (batch.size() == most || told.arrival() > clock.now()) {
                break;
            }
            batch.add(told);
        }
        faults.note(() -> name + " takes in "
                + batch.stream().map(told -> told.entry().event().toString()).toList());
        if (faults.has(Defect.ACKNOWLEDGES_BEFORE_COMMIT)) {
            acknowledge(lane, batch);
        }
        List<Told> astray = batch.stream().filter(told -> faults.goesAstray()).toList();
        transactions.executeInTransaction(
                () -> batch.stream().filter(told -> !astray.contains(told)).forEach(told -> takeIn(told.entry())));
        faults.mayCrash(CrashPoint.AFTER_COMMIT);
        if (!faults.has(Defect.ACKNOWLEDGES_BEFORE_COMMIT)) {
            acknowledge(lane, batch);
        }
        astray.forEach(told -> {
            faults.note(() -> "  " + told.entry().event() + " is put aside for later");
            broker.enqueue(name, new Told(told.entry(), faults.arrival(clock.now())));
        });
    }

    private void takeIn(Entry entry) {
        String key = entry.source() + "/" + entry.id();
        if (taken.contains(key) && !faults.has(Defect.LOSES_THE_DEDUP_KEY)) {
            faults.tally.count("deduplicated");
            return;
        }
        taken.put(key, true);
        EventMessage<?> told = entry.message();
        stream.append(new Entry(
                entry.source(),
                new GenericEventMessage<>(
                        told.getIdentifier(), told.getPayload(), told.getMetaData(), clock.instant())));
    }

    private void acknowledge(Deque<Told> lane, List<Told> batch) {
        for (Told told : batch) {
            lane.removeFirst();
            if (faults.choices().chance(faults.knobs().duplicate())) {
                faults.tally.count("redelivered");
                broker.enqueue(name, new Told(told.entry(), faults.arrival(clock.now())));
            }
        }
    }

    // Events to others

    boolean hasUnpublished() {
        List<Entry> entries = stream.entries();
        int from = published.getOr(name, 0);
        int next = from;
        while (next < entries.size() && !isPublic(entries.get(next))) {
            next++;
        }
        if (next > from) {
            published.put(name, next);
        }
        return next < entries.size();
    }

    boolean isPublic(Entry entry) {
        return entry.source().equals(name)
                && catalogue
                        .ofPayload(entry.event().getClass())
                        .filter(type -> type.kind() == MessageType.Kind.OWN_EVENT)
                        .isPresent();
    }

    void publish() {
        int from = published.getOr(name, 0);
        int to = Math.min(stream.entries().size(), from + 1 + faults.choices().below(LARGEST_BATCH));
        List<Entry> batch = new ArrayList<>();
        for (Entry entry : stream.entries().subList(from, to)) {
            if (isPublic(entry)) {
                batch.add(entry);
            }
        }
        faults.note(() -> name + " publishes "
                + batch.stream().map(Entry::event).map(Event::toString).toList());
        transactions.executeInTransaction(() -> {
            if (!faults.has(Defect.PUBLISHES_BEFORE_COMMIT)) {
                broker.publishEvents(batch);
            }
            published.put(name, to);
        });
    }

    // Alarms

    void ring() {
        String id = faults.choices().oneOf(alarms.due());
        faults.note(() -> name + " rings " + id);
        transactions.executeInTransaction(() -> alarms.ring(id));
    }
}
