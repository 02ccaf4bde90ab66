package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.waybill.kernel.Event;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SagaStoreIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("saga_store");
    private static final String NAME = "inventory.filling";
    private static final AssociationValue SHELF = new AssociationValue("shelf", "a");
    private static final AssociationValue PARCEL = new AssociationValue("parcel", "parcel-1");

    private final Deque<ProcessorRig> rigs = new ArrayDeque<>();

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() {
        rigs.forEach(ProcessorRig::close);
    }

    /** Begins with a shelf, counts what is placed, and ends with a parcel that is known by its own name. */
    static final class Filling {

        /** What happens in the middle of a step; nothing, as a rule. */
        static volatile Consumer<GoodsPlaced> during = event -> {};

        private int pieces;

        @StartSaga
        @SagaEventHandler(associationProperty = "shelf")
        void on(ShelfPutUp event) {
            SagaLifecycle.associateWith("parcel", "parcel-" + event.shelf());
        }

        @SagaEventHandler(associationProperty = "shelf")
        void on(GoodsPlaced event) {
            during.accept(event);
            pieces += event.pieces();
        }

        @EndSaga
        @SagaEventHandler(associationProperty = "parcel")
        void on(ShipmentDispatched event) {
            SagaLifecycle.removeAssociationWith("shelf", event.shelf());
        }
    }

    static PostgresSagaStore store(SampleProcess process) {
        return new PostgresSagaStore(
                process.jdbc(),
                WaybillJson.mapper()
                        .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                        .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY));
    }

    @Nested
    class Store {

        private final SampleProcess process = SampleProcess.appending(DATABASE);
        private final SagaStore<Object> store = store(process);

        @AfterEach
        void close() {
            process.close();
        }

        @Test
        void a_saga_is_found_by_each_of_its_associations_and_read_back() {
            Filling filling = new Filling();
            filling.pieces = 7;

            store.insertSaga(Filling.class, "saga-1", filling, Set.of(SHELF, PARCEL));

            assertThat(store.findSagas(Filling.class, SHELF)).containsExactly("saga-1");
            assertThat(store.findSagas(Filling.class, PARCEL)).containsExactly("saga-1");
            SagaStore.Entry<Filling> entry = store.loadSaga(Filling.class, "saga-1");
            assertThat(entry.saga().pieces).isEqualTo(7);
            assertThat(entry.associationValues()).containsExactlyInAnyOrder(SHELF, PARCEL);
        }

        @Test
        void an_update_changes_the_state_and_the_associations() {
            Filling filling = new Filling();
            store.insertSaga(Filling.class, "saga-1", filling, Set.of(SHELF));
            AssociationValuesImpl associations = new AssociationValuesImpl(Set.of(SHELF));
            associations.add(PARCEL);
            associations.remove(SHELF);
            filling.pieces = 3;

            store.updateSaga(Filling.class, "saga-1", filling, associations);

            assertThat(store.findSagas(Filling.class, SHELF)).isEmpty();
            assertThat(store.findSagas(Filling.class, PARCEL)).containsExactly("saga-1");
            assertThat(store.loadSaga(Filling.class, "saga-1").saga().pieces).isEqualTo(3);
        }

        @Test
        void a_saga_that_ended_leaves_nothing() {
            store.insertSaga(Filling.class, "saga-1", new Filling(), Set.of(SHELF, PARCEL));

            store.deleteSaga(Filling.class, "saga-1", Set.of(SHELF, PARCEL));

            assertThat(DATABASE.count("saga")).isZero();
            assertThat(DATABASE.count("saga_association")).isZero();
            assertThat((Object) store.loadSaga(Filling.class, "saga-1")).isNull();
        }

        @Test
        void sagas_of_other_types_and_other_keys_are_not_found() {
            store.insertSaga(Filling.class, "saga-1", new Filling(), Set.of(SHELF));

            assertThat(store.findSagas(String.class, SHELF)).isEmpty();
            assertThat(store.findSagas(Filling.class, new AssociationValue("parcel", "a")))
                    .isEmpty();
            assertThat((Object) store.loadSaga(String.class, "saga-1")).isNull();
        }
    }

    /** A process whose only processor is the saga's. */
    private final class Instance {

        private final SampleProcess process = SampleProcess.started(DATABASE);
        private final ProcessorRig rig;
        private final EventProcessor processor;

        Instance(int segments) {
            rig = new ProcessorRig(process, Map.of(NAME, segments));
            rigs.push(rig);
            PostgresSagaStore store = store(process);
            rig.whenClaimed(store::forget);
            processor = rig.create(
                    NAME,
                    AnnotatedSagaManager.<Filling>builder()
                            .sagaType(Filling.class)
                            .sagaFactory(Filling::new)
                            .sagaRepository(AnnotatedSagaRepository.<Filling>builder()
                                    .sagaType(Filling.class)
                                    .sagaStore(store)
                                    .build())
                            .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                            .build());
        }

        Instance started() {
            processor.start();
            return this;
        }

        /** Leaves the segment to others. */
        void leave() {
            processor.shutDown();
            rig.tokens().revoke(NAME);
        }
    }

    @Nested
    class Processing {

        @AfterEach
        void calm() {
            Filling.during = event -> {};
        }

        @Test
        void a_saga_lives_from_its_first_event_to_its_last() {
            Instance instance = new Instance(1).started();
            instance.process.append(new ShelfPutUp("a"));
            awaitSagas(1);
            instance.process.append(GoodsPlaced.on("a", 2), GoodsPlaced.on("a", 3), GoodsPlaced.on("b", 50));

            await().until(() -> pieces().equals(List.of(5)));
            instance.process.append(new ShipmentDispatched("parcel-a", "a", 1));
            awaitSagas(0);
            assertThat(DATABASE.count("saga_association")).isZero();
        }

        @Test
        void a_whole_life_within_one_batch_leaves_nothing() {
            Instance instance = new Instance(1);
            instance.process.append(
                    new ShelfPutUp("a"),
                    GoodsPlaced.on("a", 2),
                    new ShipmentDispatched("parcel-a", "a", 1),
                    new ShelfPutUp("b"),
                    GoodsPlaced.on("b", 4));

            instance.started();

            await().until(() -> pieces().equals(List.of(4)));
        }

        @Test
        void one_that_is_new_to_an_old_stream_begins_for_what_comes_from_then_on() {
            SampleProcess older = SampleProcess.started(DATABASE);
            ProcessorRig olderRig = new ProcessorRig(older);
            rigs.push(olderRig);
            olderRig.create("inventory.older", new Recorder(older, "older")).start();
            older.append(new ShelfPutUp("old"), GoodsPlaced.on("old", 2));

            Instance instance = new Instance(1).started();
            instance.process.append(GoodsPlaced.on("old", 3), new ShelfPutUp("new"), GoodsPlaced.on("new", 4));

            await().until(() -> pieces().equals(List.of(4)));
        }

        @Test
        void state_and_position_commit_together() {
            Instance instance = new Instance(1);
            instance.process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 2));

            instance.started();

            awaitSagas(1);
            assertThat(DATABASE.jdbc().sql("""
                select saga.xmin::text = token.xmin::text
                   and saga.xmin::text = (select max(xmin::text) from saga_association)
                  from saga, processor_token token\
                """).query(Boolean.class).single()).isTrue();
        }

        @Test
        void what_another_process_did_with_a_saga_is_not_forgotten_by_an_owner_that_comes_back() {
            Instance one = new Instance(1).started();
            one.process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 1));
            await().until(() -> pieces().equals(List.of(1)));
            one.leave();
            Instance two = new Instance(1).started();
            two.process.append(GoodsPlaced.on("a", 2), new ShelfPutUp("b"));
            await().until(() -> pieces().size() == 2 && pieces().containsAll(List.of(3, 0)));
            two.leave();

            one.started();
            one.process.append(GoodsPlaced.on("a", 4), GoodsPlaced.on("b", 5));

            await().until(() -> pieces().containsAll(List.of(7, 5)));
        }

        @Test
        void a_step_that_fails_leaves_no_trace_in_what_is_remembered() {
            Instance instance = new Instance(1).started();
            instance.process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 1));
            await().until(() -> pieces().equals(List.of(1)));
            AtomicInteger failures = new AtomicInteger(2);
            Filling.during = event -> {
                if (event.pieces() == 4 && failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("bug");
                }
            };

            instance.process.append(GoodsPlaced.on("a", 2), GoodsPlaced.on("a", 4));

            await().until(() -> pieces().equals(List.of(7)));
        }

        @Test
        void a_step_of_an_owner_that_lost_its_claim_is_undone_and_done_once_by_the_next() {
            Gate gate = new Gate();
            Filling.during = event -> gate.pass();
            Instance slow = new Instance(1);
            slow.process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 2));
            slow.started();
            gate.awaitHandler();
            slow.rig.tokens().revoke(NAME);
            Filling.during = event -> {};

            new Instance(1).started();
            await().until(() -> pieces().equals(List.of(2)));
            gate.open();
            slow.process.append(GoodsPlaced.on("a", 3));

            await().until(() -> pieces().equals(List.of(5)));
            await().during(300, TimeUnit.MILLISECONDS).until(() -> pieces().equals(List.of(5)));
        }

        @Test
        void a_saga_that_fails_is_parked_in_order_others_go_on_and_it_catches_up_by_itself() {
            Filling.during = event -> {
                if (event.shelf().equals("bad")) {
                    throw new IllegalStateException("bug");
                }
            };
            Instance instance = new Instance(1).started();
            instance.process.append(new ShelfPutUp("bad"), new ShelfPutUp("good"));
            awaitSagas(2);

            instance.process.append(
                    GoodsPlaced.on("bad", 1),
                    GoodsPlaced.on("good", 10),
                    GoodsPlaced.on("bad", 2),
                    new ShipmentDispatched("parcel-bad", "bad", 1));

            await().until(() -> DATABASE.count("parked_event") == 3);
            assertThat(pieces()).containsExactlyInAnyOrder(0, 10);
            Filling.during = event -> {};
            await().atMost(15, TimeUnit.SECONDS).until(() -> pieces().equals(List.of(10)));
            assertThat(DATABASE.count("parked_event")).isZero();
        }

        @Test
        void two_processes_with_two_segments_keep_one_writer_per_saga() {
            Instance one = new Instance(2).started();
            Instance two = new Instance(2).started();
            one.process.append(IntStream.range(0, 10)
                    .mapToObj(nr -> new ShelfPutUp("shelf-" + nr))
                    .toArray(Event[]::new));
            for (int round = 0; round < 20; round++) {
                (round % 2 == 0 ? one : two)
                        .process.append(IntStream.range(0, 10)
                                .mapToObj(nr -> GoodsPlaced.on("shelf-" + nr, 1))
                                .toArray(Event[]::new));
            }

            await().until(() ->
                    pieces().equals(IntStream.range(0, 10).mapToObj(nr -> 20).toList()));
        }
    }

    private static List<Integer> pieces() {
        return DATABASE.jdbc()
                .sql("select (payload::json ->> 'pieces')::int from saga")
                .query(Integer.class)
                .list();
    }

    private static void awaitSagas(long count) {
        await().until(() -> DATABASE.count("saga") == count);
    }
}
