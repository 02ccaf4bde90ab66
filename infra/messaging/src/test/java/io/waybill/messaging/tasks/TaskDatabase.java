package io.waybill.messaging.tasks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** One database with the table of tasks for all tests of this package. */
final class TaskDatabase {

    private static final DataSource DATA_SOURCE = migrated(TestServers.freshDatabase("tasks"));

    private TaskDatabase() {}

    static DataSource dataSource() {
        return DATA_SOURCE;
    }

    static void empty() {
        JdbcClient.create(DATA_SOURCE).sql("TRUNCATE task").update();
    }

    private static DataSource migrated(TestDatabase database) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(database.url());
        settings.setUsername(database.user());
        settings.setPassword(database.password());
        DataSource dataSource = new HikariDataSource(settings);
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/messaging/V0002__tasks.sql"),
                        new ClassPathResource("db/messaging/V0003__task_trace_context.sql"))
                .execute(dataSource);
        return dataSource;
    }
}
