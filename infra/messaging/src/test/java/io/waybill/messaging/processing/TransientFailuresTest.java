package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TransientFailuresTest {

    static Stream<Throwable> passing() {
        return Stream.of(
                new AmqpConnectException(new IllegalStateException()),
                new AmqpException("refused"),
                new CannotAcquireLockException("deadlock"),
                new DataAccessResourceFailureException("gone"),
                new CannotGetJdbcConnectionException("none left"),
                new CannotCreateTransactionException("none left"),
                new TransactionSystemException("rollback failed", new SQLException("Connection is closed")),
                new SQLTransientConnectionException("timeout"),
                new ConcurrencyException("lost the race"),
                new ClaimLostException("processor", 0),
                new OutOfMemoryError("Java heap space"),
                new InternalError("trouble of the JVM"),
                new InterruptedException());
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new IllegalStateException("bug"),
                new NullPointerException(),
                new StackOverflowError(),
                new NoClassDefFoundError("io/waybill/Missing"),
                new DuplicateKeyException("twice"),
                new DataIntegrityViolationException("null"),
                new TransactionSystemException("commit failed", new SQLException("a trigger says no", "P0001")),
                new UncategorizedSQLException("task", "sql", new SQLException("?", "99999")));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void failures_of_servers_and_lost_races_pass(Throwable failure) {
        assertThat(TransientFailures.isTransient(failure)).isTrue();
        assertThat(TransientFailures.isTransient(new IllegalStateException(new RuntimeException(failure))))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void failures_of_the_code_or_the_data_stay(Throwable failure) {
        assertThat(TransientFailures.isTransient(failure)).isFalse();
        assertThat(TransientFailures.isTransient(new IllegalStateException(failure)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40001", "40P01", "53300", "57P01", "57014", "58030", "25P03"})
    void sql_states_of_a_server_in_trouble_pass(String state) {
        assertThat(TransientFailures.isTransient(new SQLException("?", state))).isTrue();
        assertThat(TransientFailures.isTransient(new BatchUpdateException("?", state, 0, new int[0])))
                .isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "08", "23505", "22P02", "42P01", "0800", "25P02"})
    void other_sql_states_stay(String state) {
        assertThat(TransientFailures.isTransient(new SQLException("?", state))).isFalse();
    }

    @Test
    void no_failure_is_no_transient_failure() {
        assertThat(TransientFailures.isTransient(null)).isFalse();
    }
}
