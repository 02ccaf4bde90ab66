package io.waybill.messaging.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DatabaseConfigurationTest {

    @Test
    void the_pool_goes_on_trying_where_hikaricp_would_pause() {
        new ApplicationContextRunner()
                .withUserConfiguration(DatabaseConfiguration.class)
                .withBean(HikariDataSource.class, DatabaseConfigurationTest::pool)
                .run(context -> assertThat(
                                context.getBean(HikariDataSource.class).getDataSource())
                        .isInstanceOf(ReconnectingDataSource.class));
    }

    /** Connects when it is asked for a connection, which it is not. */
    private static HikariDataSource pool() {
        var pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        return pool;
    }
}
