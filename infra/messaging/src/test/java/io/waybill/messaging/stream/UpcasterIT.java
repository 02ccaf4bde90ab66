package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import io.waybill.messaging.stream.ForeignEvents.ForeignEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpcasterIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("upcaster");

    private SampleProcess process;

    @BeforeEach
    void start() {
        DATABASE.empty();
        process = SampleProcess.started(DATABASE);
    }

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void a_stored_event_of_an_older_revision_is_read_as_the_current_one() throws Exception {
        process.append("a", 0, new ShelfPutUp("a"));
        process.append("a", 1, GoodsPlaced.on("a", 5));
        DATABASE.jdbc().sql("""
            update event_stream set revision = 1, payload = '{"shelf":"a","pieces":5}'
             where type = 'waybill.inventory.GoodsPlaced'\
            """).update();

        assertThat(new Reading(process.stream(), 10).payloads(2))
                .containsExactly(new ShelfPutUp("a"), new GoodsPlaced("a", 5, "PIECE"));
        assertThat(process.engine().readEvents("a", 1).asStream())
                .<Object>extracting(EventMessage::getPayload)
                .containsExactly(new GoodsPlaced("a", 5, "PIECE"));
    }

    @Test
    void an_event_that_a_context_told_in_an_older_revision_is_read_as_the_current_one() throws Exception {
        new ForeignEvents(process.jdbcTemplate(), process.stream())
                .append(List.of(new ForeignEvent(
                        "/waybill/shipping",
                        "event-1",
                        "waybill.shipping.ShipmentDispatched",
                        1,
                        "parcel-1",
                        0L,
                        "a",
                        Instant.EPOCH,
                        "{\"parcel\":\"parcel-1\",\"shelf\":\"a\"}",
                        null)));

        assertThat(new Reading(process.stream(), 10).payloads(1))
                .containsExactly(new ShipmentDispatched("parcel-1", "a", 1));
    }

    @Test
    void one_event_that_an_upcaster_fails_with_at_once_holds_up_no_other() throws Exception {
        process.append("a", 0, new ShelfPutUp("a"));
        process.append("a", 1, GoodsPlaced.on("a", 5));
        process.append("b", 0, new ShelfPutUp("b"));
        DATABASE.jdbc().sql("""
            update event_stream set revision = 1, payload = '[5]' where type = 'waybill.inventory.GoodsPlaced'\
            """).update();
        EventStream stream = new EventStream(
                process.jdbcTemplate(),
                process.serializer(),
                // As one that looks into the payload before it says whether it is the one.
                events -> SampleMessages.upcasters()
                        .upcast(events)
                        .peek(event -> event.getData(JsonNode.class)
                                .getData()
                                .get("shelf")
                                .asText()),
                Duration.ofMillis(50));
        stream.start();

        List<StreamEntry> entries = await().until(
                        () -> stream.read(StreamPosition.START, 10, Duration.ofMillis(100))
                                .entries(),
                        found -> found.size() == 3);

        assertThat(entries.getFirst().messages().getFirst().getPayload()).isEqualTo(new ShelfPutUp("a"));
        assertThat(entries.getLast().messages().getFirst().getPayload()).isEqualTo(new ShelfPutUp("b"));
        EventMessage<?> broken = entries.get(1).messages().getFirst();
        assertThat(broken.getPayloadType()).isEqualTo(GoodsPlaced.class);
        assertThatThrownBy(broken::getPayload).isInstanceOf(SerializationException.class);
        stream.stop();
    }

    @Test
    void an_upcaster_that_fails_for_a_while_does_not_end_the_reading_for_good() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        EventStream stream = new EventStream(
                process.jdbcTemplate(),
                process.serializer(),
                events -> events.peek(event -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("bug");
                    }
                }),
                Duration.ofMillis(50));
        stream.start();
        // From its end on, what is read comes out of the memory that the stream's own thread fills.
        StreamPosition end = await().until(
                        () -> stream.read(StreamPosition.START, 1, Duration.ofMillis(100))
                                .end(),
                        place -> !place.equals(StreamPosition.START));

        process.append(new ShelfPutUp("a"));

        assertThat(Reading.payloadsOf(stream.read(end, 1, Duration.ofSeconds(5)).entries()))
                .containsExactly(new ShelfPutUp("a"));
        stream.stop();
    }
}
