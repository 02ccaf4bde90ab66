package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.OrderId;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of the addresses. */
@Component
class JdbcContacts implements Contacts {

    private final JdbcClient jdbc;

    JdbcContacts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void remember(OrderId orderId, EmailAddress email) {
        jdbc.sql("insert into order_contact (order_id, email) values (:order, :email) on conflict do nothing")
                .param("order", orderId.value())
                .param("email", email.value())
                .update();
    }

    @Override
    public Optional<EmailAddress> of(OrderId orderId) {
        return jdbc.sql("select email from order_contact where order_id = :order")
                .param("order", orderId.value())
                .query((row, nr) -> EmailAddress.of(row.getString("email")))
                .optional();
    }
}
