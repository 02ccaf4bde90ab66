package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.stream.StreamBrowser.Filter;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** On a long stream every page costs as much as the page, because an index gives the rows in their order. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QueryPlansIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("query_plans");
    private static final HikariDataSource CONNECTIONS = DATABASE.pool();
    private static final StreamPosition EARLY = new StreamPosition(20, 2_000);

    private final ExplainedDataSource explained = new ExplainedDataSource(CONNECTIONS);
    private final Serializer serializer = new CatalogueSerializer(SampleMessages.catalogue(), WaybillJson.mapper());
    private final EventStream stream =
            new EventStream(new JdbcTemplate(explained), serializer, SampleMessages.upcasters(), Duration.ofSeconds(1));
    private final StreamBrowser browser = new StreamBrowser(JdbcClient.create(explained), WaybillJson.mapper());

    @BeforeAll
    static void fill() {
        DATABASE.jdbc().sql("""
            insert into event_stream (transaction_id, source, local, event_id, type, revision, subject,
                                      partition_key, occurred_at, payload, metadata)
            select (nr / 100)::text::xid8, '/waybill/inventory', true, 'event-' || nr, 'type-' || nr % 200, 1,
                   'subject-' || nr / 20, 'key-' || nr / 20, timestamptz '2026-01-01' + nr * interval '1 second',
                   '{}', '{}'
              from generate_series(1, 20000) nr\
            """).update();
        DATABASE.jdbc().sql("vacuum analyze event_stream").update();
    }

    @AfterAll
    static void close() {
        CONNECTIONS.close();
    }

    @Test
    void a_reader_takes_its_page_from_the_streams_order() {
        assertThat(stream.select(EARLY, 500)).hasSize(500);

        assertOrderedBy("event_stream_order");
    }

    @Test
    void the_head_is_the_last_of_the_streams_order() {
        assertThat(stream.head()).isEqualTo(new StreamPosition(200, 20_000));

        assertOrderedBy("event_stream_order");
    }

    @Test
    void the_place_of_a_time_is_found_in_the_streams_order() {
        PostgresEventStorageEngine engine = new PostgresEventStorageEngine(
                new JdbcTemplate(explained),
                stream,
                SampleMessages.catalogue(),
                serializer,
                SampleMessages.upcasters());

        assertThat(engine.createTokenAt(Instant.parse("2026-01-01T00:30:00Z")))
                .isEqualTo(new StreamPosition(18, 1_799));

        assertOrderedBy("event_stream_order");
    }

    @Test
    void the_events_of_a_partition_key_are_found_in_order() {
        assertThat(browser.byPartition("key-7")).hasSize(20);

        assertOrderedBy("event_stream_partition");
    }

    @Test
    void browsing_everything_goes_by_the_streams_order() {
        assertThat(browser.find(new Filter(null, null, EARLY), 20)).hasSize(20);

        assertOrderedBy("event_stream_order");
    }

    @Test
    void browsing_an_aggregates_events_goes_by_its_subject() {
        assertThat(browser.find(new Filter("subject-700", null, EARLY), 21)).hasSize(20);

        assertOrderedBy("event_stream_subject");
    }

    @Test
    void browsing_a_type_goes_by_the_type() {
        assertThat(browser.find(new Filter(null, "type-3", EARLY), 20)).hasSize(20);

        assertOrderedBy("event_stream_type");
    }

    @Test
    void browsing_a_type_that_there_is_not_goes_by_the_type() {
        assertThat(browser.find(new Filter(null, "no such type", EARLY), 20)).isEmpty();

        assertOrderedBy("event_stream_type");
    }

    @Test
    void browsing_a_type_of_an_aggregates_events_goes_by_its_subject() {
        assertThat(browser.find(new Filter("subject-700", "type-3", EARLY), 20)).hasSize(1);

        assertOrderedBy("event_stream_subject");
    }

    private void assertOrderedBy(String index) {
        assertThat(explained.plan()).doesNotContain("Sort").contains(" using " + index + " ");
    }
}
