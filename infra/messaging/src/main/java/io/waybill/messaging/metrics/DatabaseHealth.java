package io.waybill.messaging.metrics;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Whether the database answers, and soon. Spring Boot's own indicator waits for as long as a database hangs, and each
 * probe with it.
 */
final class DatabaseHealth extends AbstractHealthIndicator {

    private static final int PATIENCE_SECONDS = 2;

    private final DataSource dataSource;

    DatabaseHealth(DataSource dataSource) {
        super("The database does not answer");
        this.dataSource = dataSource;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.isValid(PATIENCE_SECONDS)) {
                builder.up();
            } else {
                builder.down();
            }
        }
    }
}
