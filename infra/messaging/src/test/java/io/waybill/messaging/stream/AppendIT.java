package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AppendIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("append");

    private final SampleProcess process = SampleProcess.appending(DATABASE);

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void any_number_of_events_is_one_statement() {
        DATABASE.jdbc().sql("create sequence statement_count").update();
        DATABASE.jdbc().sql("""
            create function count_statement() returns trigger language plpgsql as
            $$ begin perform nextval('statement_count'); return null; end $$\
            """).update();
        DATABASE.jdbc().sql("""
            create trigger count_statement after insert on event_stream
               for each statement execute function count_statement()\
            """).update();

        process.engine()
                .appendEvents(IntStream.range(0, 50)
                        .<EventMessage<?>>mapToObj(nr -> placed("a", nr, nr))
                        .toList());

        assertThat(DATABASE.count("event_stream")).isEqualTo(50);
        assertThat(DATABASE.jdbc()
                        .sql("select last_value from statement_count")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        DATABASE.jdbc().sql("drop trigger count_statement on event_stream").update();
    }

    @Test
    void an_aggregate_is_read_back_in_its_order_and_equal_to_what_was_appended() {
        List<DomainEventMessage<?>> events = List.of(
                new GenericDomainEventMessage<>("Shelf", "a", 0, new ShelfPutUp("a")),
                placed("a", 1, 7),
                placed("a", 2, 8));
        process.engine().appendEvents(events);
        process.append("b", 0, new ShelfPutUp("b"));

        List<? extends DomainEventMessage<?>> read =
                process.engine().readEvents("a", 1).asStream().toList();

        assertThat(read)
                .<Object>extracting(EventMessage::getPayload)
                .containsExactly(GoodsPlaced.on("a", 7), GoodsPlaced.on("a", 8));
        assertThat(read)
                .extracting(EventMessage::getIdentifier)
                .containsExactly(events.get(1).getIdentifier(), events.get(2).getIdentifier());
        assertThat(read).extracting(DomainEventMessage::getSequenceNumber).containsExactly(1L, 2L);
        assertThat(read.get(0).getTimestamp()).isCloseTo(events.get(1).getTimestamp(), within(1, ChronoUnit.MICROS));
        assertThat(process.engine().lastSequenceNumberFor("a")).contains(2L);
        assertThat(process.engine().lastSequenceNumberFor("nothing")).isEmpty();
    }

    @Test
    void the_second_to_append_to_the_same_place_of_an_aggregate_is_told_of_the_conflict_and_leaves_nothing() {
        process.append("a", 0, new ShelfPutUp("a"));

        assertThatThrownBy(() -> process.transactions()
                        .executeInTransaction(() -> process.engine()
                                .appendEvents(List.of(placed("c", 0, 1), placed("a", 0, 1), placed("a", 1, 1)))))
                .isInstanceOf(ConcurrencyException.class);

        assertThat(DATABASE.count("event_stream")).isEqualTo(1);
    }

    @Test
    void two_that_append_at_once_are_one_winner_and_one_told_of_the_conflict() {
        SampleProcess other = SampleProcess.appending(DATABASE);
        try (other) {
            List<Boolean> won = List.of(process, other).parallelStream()
                    .map(each -> appends(each, "a"))
                    .toList();

            assertThat(won).containsExactlyInAnyOrder(true, false);
        }
    }

    private static boolean appends(SampleProcess process, String shelf) {
        try {
            process.append(shelf, 0, new ShelfPutUp(shelf));
            return true;
        } catch (ConcurrencyException e) {
            return false;
        }
    }

    @Test
    void an_event_of_no_aggregate_takes_no_place_of_one() {
        process.append(new ShelfPutUp("a"), new ShelfPutUp("a"));
        process.append("a", 0, new ShelfPutUp("a"));

        assertThat(process.engine().readEvents("a", 0).asStream()).hasSize(1);
    }

    @Test
    void an_event_that_is_in_no_catalogue_is_not_stored() {
        assertThatThrownBy(() -> process.engine().appendEvents(List.of(GenericEventMessage.asEventMessage("text"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(DATABASE.count("event_stream")).isZero();
    }

    @Test
    void a_transaction_that_is_rolled_back_leaves_nothing() {
        assertThatThrownBy(() -> process.transactions().executeInTransaction(() -> {
                    process.engine().appendEvents(List.of(placed("a", 0, 1)));
                    throw new IllegalStateException("changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(DATABASE.count("event_stream")).isZero();
    }

    @Test
    void the_ends_of_the_stream_and_a_time_have_their_places() {
        assertThat(process.engine().createHeadToken()).isEqualTo(StreamPosition.START);
        process.append(new ShelfPutUp("a"));
        StreamPosition first = process.stream().head();
        process.append(new ShelfPutUp("b"));
        Instant future = Instant.now().plusSeconds(3_600);

        assertThat(process.engine().createTailToken()).isEqualTo(StreamPosition.START);
        assertThat(process.stream().head()).isGreaterThan(first);
        assertThat(process.engine().createTokenAt(future))
                .isEqualTo(process.stream().head());
        assertThat(process.stream()
                        .select(
                                StreamPosition.of(process.engine().createTokenAt(future.minus(Duration.ofDays(1)))),
                                10))
                .hasSize(2);
    }

    private static DomainEventMessage<?> placed(String shelf, long sequenceNumber, int pieces) {
        return new GenericDomainEventMessage<>("Shelf", shelf, sequenceNumber, GoodsPlaced.on(shelf, pieces));
    }
}
