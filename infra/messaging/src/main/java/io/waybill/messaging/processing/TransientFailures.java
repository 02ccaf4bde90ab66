package io.waybill.messaging.processing;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Tells failures that pass by themselves (a server that is away, a deadlock, a conflict) from those that come back with
 * every try. Only the latter are ever parked. A JVM that has no memory left says nothing against the event that it just
 * handled either; a stack that overflows does, for it is as deep the next time.
 */
public final class TransientFailures {

    /** Connection trouble, operator intervention, lack of resources, and rollbacks that a repeat may survive. */
    private static final Set<String> SQL_CLASSES = Set.of("08", "40", "53", "57", "58");

    /** The server gave up a transaction that stood still, because this process did. */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private TransientFailures() {}

    public static boolean isTransient(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClaimLostException
                    || cause instanceof ConcurrencyException
                    || cause instanceof AmqpException
                    || cause instanceof TransientDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException
                    || (cause instanceof TransactionSystemException && !isOfDatabase(cause))
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLRecoverableException
                    || cause instanceof InterruptedException
                    || (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError))
                    || (cause instanceof SQLException sql && isTransient(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** Else the transaction could not be ended because its connection is gone, whatever failed before. */
    private static boolean isOfDatabase(Throwable failure) {
        return failure.getCause() instanceof SQLException sql && sql.getSQLState() != null;
    }

    private static boolean isTransient(@Nullable String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && (SQL_CLASSES.contains(sqlState.substring(0, 2)) || sqlState.equals(IDLE_IN_TRANSACTION));
    }
}
