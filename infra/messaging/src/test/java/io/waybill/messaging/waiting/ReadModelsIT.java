package io.waybill.messaging.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Foreign;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadModelsIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("read_models");
    private static final HikariDataSource CONNECTIONS = DATABASE.pool();

    private final ReadModels models =
            new ReadModels(new JdbcTemplate(CONNECTIONS), mock(Processors.class), SampleMessages.catalogue());

    /** Ten events of each of two shelves, in turn; the third of the second shelf is parked. */
    @BeforeAll
    static void fill() {
        DATABASE.jdbc().sql("""
            insert into event_stream (transaction_id, source, local, event_id, type, revision, subject,
                                      partition_key, occurred_at, payload, metadata)
            select nr::text::xid8, '/waybill/shipping', false, 'event-' || nr, 'type', 1, 'subject',
                   'shelf-' || nr % 2, now(), '{}', '{}'
              from generate_series(1, 20) nr order by nr\
            """).update();
        DATABASE.jdbc().sql("""
            insert into parked_event (processor, segment, partition_key, transaction_id, position, cause, attempts)
            values ('shelves', 0, 'shelf-0', '6', 6, 'a mistake', 1)\
            """).update();
    }

    @AfterAll
    static void close() {
        CONNECTIONS.close();
    }

    @Test
    void the_places_of_many_events_are_found_at_once() {
        assertThat(models.placesOf(Set.of(
                        new Foreign("/waybill/shipping", "event-3"),
                        new Foreign("/waybill/shipping", "event-4"),
                        new Foreign("/waybill/payment", "event-5"),
                        new Foreign("/waybill/shipping", "event-21"))))
                .isEqualTo(Map.of(
                        new Foreign("/waybill/shipping", "event-3"), at(3),
                        new Foreign("/waybill/shipping", "event-4"), at(4)));
    }

    @Test
    void an_event_is_parked_with_those_before_it_and_no_others() {
        Set<StreamPosition> places = Set.of(at(4), at(5), at(6), at(7), at(8), at(21));

        assertThat(models.parkedAt(places, "shelves")).containsExactlyInAnyOrder(at(6), at(8));
        assertThat(models.parkedAt(places, "others")).isEmpty();
    }

    private static StreamPosition at(long number) {
        return new StreamPosition(number, number);
    }
}
