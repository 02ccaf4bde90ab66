package io.waybill.acceptance.crash;

import static io.waybill.acceptance.crash.Deed.CALL;
import static io.waybill.acceptance.crash.Moment.AFTER;
import static io.waybill.acceptance.crash.Moment.BEFORE;

import io.waybill.acceptance.crash.Proxies.Call;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Tells the tripwire of calls to partners. */
final class WatchedCalls {

    /** Known by name, because a context's classes are not for others. */
    private static final List<String> PARTNERS = List.of(
            "io.waybill.payment.charging.PaymentPartner",
            "io.waybill.shipping.booking.Carrier",
            "io.waybill.order.notification.Mailbox");

    private final Tripwire tripwire;
    private final Supplier<DataSource> database;

    WatchedCalls(Tripwire tripwire, Supplier<DataSource> database) {
        this.tripwire = tripwire;
        this.database = database;
    }

    Object before(Object bean) {
        Optional<Class<?>> partner = Proxies.interfacesOf(bean).stream()
                .filter(one -> PARTNERS.contains(one.getName()))
                .findFirst();
        return partner.isPresent() ? Proxies.before(bean, partner.get()::equals, this::call) : bean;
    }

    private Object call(Method method, Object[] arguments, Call call) throws Throwable {
        String where = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        if (Defect.NEW_KEY_FOR_EACH_CALL.isPlanted()) {
            arguments[0] = arguments[0] + "-" + UUID.randomUUID();
        }
        if (Defect.TASK_DONE_WHEN_BEGUN.isPlanted()) {
            forgetTasksUnderWay();
        }
        tripwire.pass(CALL, BEFORE, where, Set.of());
        Object result = call.proceed();
        tripwire.pass(CALL, AFTER, where, Set.of());
        return result;
    }

    private void forgetTasksUnderWay() throws SQLException {
        try (Connection connection = database.get().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from task where claim is not null");
        }
    }
}
