package io.waybill.order.web;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import java.sql.SQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of the keys that customers used, kept for two days. */
@Component
class IdempotencyKeys {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final JdbcClient jdbc;

    IdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Entry(String requestHash, OrderId orderId) {}

    /**
     * Takes the key unless it is taken. Waits up to 3 s for a transaction that is about to take it.
     *
     * @throws Rejection if that transaction goes on for longer
     */
    boolean take(CustomerId customer, IdempotencyKey key, Entry entry) {
        try {
            // The patience is for this lock alone; where the key is taken, nothing is locked after it.
            return jdbc.sql("""
                with patience as materialized (select set_config('lock_timeout', '3s', true))
                insert into idempotency_key (customer_id, key, request_hash, order_id)
                select :customer, :key, :hash, :order from patience
                on conflict do nothing
                returning set_config('lock_timeout', '0', true)\
                """)
                    .param("customer", customer.value())
                    .param("key", key.value())
                    .param("hash", entry.requestHash())
                    .param("order", entry.orderId().value())
                    .query(String.class)
                    .optional()
                    .isPresent();
        } catch (DataAccessException e) {
            if (e.getRootCause() instanceof SQLException cause && LOCK_NOT_AVAILABLE.equals(cause.getSQLState())) {
                throw new Rejection(
                        OrderRejection.REQUEST_IN_FLIGHT, "A request with this Idempotency-Key is still under way");
            }
            throw e;
        }
    }

    Entry get(CustomerId customer, IdempotencyKey key) {
        return jdbc.sql("select request_hash, order_id from idempotency_key where customer_id = :customer and key ="
                        + " :key")
                .param("customer", customer.value())
                .param("key", key.value())
                .query((row, nr) -> new Entry(row.getString("request_hash"), OrderId.of(row.getString("order_id"))))
                .single();
    }

    void forgetOld() {
        jdbc.sql("delete from idempotency_key where created_at < now() - interval '48 hours'")
                .update();
    }
}
