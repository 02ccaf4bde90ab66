package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.messaging.processing.Processors.ParkedEvent;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.time.Duration;
import java.util.List;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands in the stream and cannot be read: by a projection and by a saga, which both hear of it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PoisonIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("poison");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PROJECTION = "inventory.recorder";
    private static final String SAGA = "inventory.filling";

    enum Poison {
        CUT_OFF("payload = '{\"shelf\":\"bad\",'"),
        OF_ANOTHER_FORM("payload = '[1]'"),
        OF_A_NEWER_REVISION("revision = 3"),
        OF_AN_OLDER_REVISION_THAT_NO_UPCASTER_CAN_TAKE("revision = 1, payload = '[1]'");

        private final String change;

        Poison(String change) {
            this.change = change;
        }
    }

    private SampleProcess process;
    private ProcessorRig rig;

    @BeforeEach
    void start() {
        DATABASE.empty();
        process = SampleProcess.started(DATABASE);
        rig = new ProcessorRig(process);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void is_parked_with_its_cause_delays_its_own_key_only_and_is_upcast_when_it_is_tried_again(Poison poison) {
        process.append(
                new ShelfPutUp("bad"),
                new ShelfPutUp("good"),
                GoodsPlaced.on("bad", 1),
                GoodsPlaced.on("good", 10),
                GoodsPlaced.on("bad", 2));
        DATABASE.jdbc()
                .sql("update event_stream set " + poison.change + " where position = 3")
                .update();

        EventProcessor projection = rig.create(PROJECTION, new Recorder(process, PROJECTION));
        EventProcessor saga = rig.create(
                SAGA,
                AnnotatedSagaManager.<SagaStoreIT.Filling>builder()
                        .sagaType(SagaStoreIT.Filling.class)
                        .sagaFactory(SagaStoreIT.Filling::new)
                        .sagaRepository(AnnotatedSagaRepository.<SagaStoreIT.Filling>builder()
                                .sagaType(SagaStoreIT.Filling.class)
                                .sagaStore(SagaStoreIT.store(process))
                                .build())
                        .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                        .build());
        projection.start();
        saga.start();

        await().atMost(PATIENCE).until(() -> DATABASE.count("parked_event") == 4);
        assertThat(DATABASE.seen(PROJECTION)).containsExactly("good:10");
        assertThat(pieces("good")).isEqualTo(10);
        for (String processor : List.of(PROJECTION, SAGA)) {
            List<ParkedEvent> parked = parked(processor);
            assertThat(parked).extracting(ParkedEvent::partitionKey).containsExactly("bad", "bad");
            assertThat(parked.getFirst().cause()).contains("Exception");
            assertThat(parked.getLast().cause()).contains("waits behind");
        }

        // Somebody repairs it as the release wrote that told it.
        DATABASE.jdbc().sql("""
            update event_stream set revision = 1, payload = '{"shelf":"bad","pieces":1}'
             where position = 3\
            """).update();
        // No try of its own any more: an operator has to ask for one.
        DATABASE.jdbc()
                .sql("update parked_event set next_try_at = null, attempts = 10 where position = 3")
                .update();
        for (String processor : List.of(PROJECTION, SAGA)) {
            rig.processors()
                    .retryParked(Long.parseLong(parked(processor).getFirst().id()));
        }

        await().atMost(PATIENCE).until(() -> DATABASE.count("parked_event") == 0);
        assertThat(DATABASE.seen(PROJECTION)).containsExactly("good:10", "bad:1", "bad:2");
        assertThat(pieces("bad")).isEqualTo(3);
    }

    private List<ParkedEvent> parked(String processor) {
        return rig.processors().parked(0, 10).stream()
                .filter(parked -> parked.processor().equals(processor))
                .toList();
    }

    /** What the saga of a shelf has counted. */
    private static int pieces(String shelf) {
        return DATABASE.jdbc()
                .sql("select (payload::json ->> 'pieces')::int from saga join saga_association using (saga_id)"
                        + " where association_key = 'shelf' and association_value = ?")
                .param(shelf)
                .query(Integer.class)
                .single();
    }
}
