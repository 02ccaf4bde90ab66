package io.waybill.messaging.sample;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A database of its own with the tables of messaging and of the sample context, and the test's own view of it. */
public final class SampleDatabase {

    private final TestDatabase database;
    private final JdbcClient jdbc;

    private SampleDatabase(TestDatabase database) {
        this.database = database;
        HikariDataSource own = pool();
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/messaging/V0001__stream.sql"),
                        new ClassPathResource("db/messaging/V0004__deadline_trace_context.sql"),
                        new ClassPathResource("db/messaging/V0005__parked_message_partition_key.sql"),
                        new ClassPathResource("db/inventory/V1001__sample.sql"))
                .execute(own);
        this.jdbc = JdbcClient.create(own);
    }

    public static SampleDatabase fresh(String name) {
        return new SampleDatabase(TestServers.freshDatabase(name));
    }

    /** Connections for one process among others; closing it is that process' end. */
    public HikariDataSource pool() {
        return pool(UnaryOperator.identity());
    }

    /**
     * The same for a process of which some statements say something else than they should.
     *
     * @param change what becomes of a statement
     */
    HikariDataSource pool(UnaryOperator<String> change) {
        HikariConfig settings = new HikariConfig();
        settings.setDataSource(new ChangedStatements(database.dataSource(), change));
        settings.setMaximumPoolSize(8);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(5_000);
        return new HikariDataSource(settings);
    }

    /** The test's own connections, which survive when a process' connections are cut. */
    public JdbcClient jdbc() {
        return jdbc;
    }

    public void empty() {
        jdbc.sql("""
            truncate event_stream, process_instance, processor_token, saga, saga_association, deadline,
                     parked_event, parked_message, sample_shelf, sample_stock_take, sample_seen
            restart identity\
            """).update();
    }

    public long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    /** What a reader has written down, in the order of its writing. */
    public List<String> seen(String reader) {
        return jdbc.sql("select what from sample_seen where reader = ? order by nr")
                .param(reader)
                .query(String.class)
                .list();
    }
}
