package io.waybill.acceptance.crash;

import static io.waybill.acceptance.crash.Deed.ACKNOWLEDGE;
import static io.waybill.acceptance.crash.Deed.CONFIRM;
import static io.waybill.acceptance.crash.Deed.PUBLISH;
import static io.waybill.acceptance.crash.Moment.AFTER;
import static io.waybill.acceptance.crash.Moment.BEFORE;

import com.rabbitmq.client.Consumer;
import io.waybill.acceptance.crash.Proxies.Call;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells the tripwire of what goes to the broker and of what is acknowledged. */
final class WatchedBroker {

    private static final String SPRING = "org.springframework.amqp.rabbit.connection.";

    private final Tripwire tripwire;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    WatchedBroker(Tripwire tripwire) {
        this.tripwire = tripwire;
    }

    static boolean isOne(Object bean) {
        return Proxies.interfacesOf(bean).stream().anyMatch(one -> one.getName().equals(SPRING + "ConnectionFactory"));
    }

    /** Stands before Spring's factory, its connections and their channels. */
    Object before(Object target) {
        return Proxies.before(target, one -> one.getName().startsWith(SPRING), (method, arguments, call) -> {
            Object result = call.proceed();
            return method.getName().equals("createConnection") && result != null ? connection(result) : result;
        });
    }

    private Object connection(Object target) {
        return Proxies.before(target, (method, arguments, call) -> {
            Object result = call.proceed();
            return method.getName().equals("createChannel") && result != null ? new Watched().before(result) : result;
        });
    }

    /** A channel; it is used by one thread at a time. */
    private final class Watched {

        private volatile String queue = "";
        private volatile String exchange = "";

        Object before(Object target) {
            return Proxies.before(target, this::around);
        }

        private Object around(Method method, Object[] arguments, Call call) throws Throwable {
            return switch (method.getName()) {
                case "basicConsume" -> consume(arguments, call);
                case "basicPublish" -> publish(arguments, call);
                case "waitForConfirms" -> confirm(call);
                case "basicAck" -> acknowledge(call);
                case "addReturnListener" -> Defect.OUTBOX_IGNORES_RETURNS.isPlanted() ? null : call.proceed();
                default -> call.proceed();
            };
        }

        private Object consume(Object[] arguments, Call call) throws Throwable {
            String name = (String) arguments[0];
            queue = Whereabouts.shortName(name);
            if (acknowledgesOnReceipt()) {
                arguments[1] = true;
            }
            int last = arguments.length - 1;
            arguments[last] = Proxies.before(arguments[last], Consumer.class::equals, (method, given, delivery) -> {
                if (!method.getName().equals("handleDelivery")) {
                    return delivery.proceed();
                }
                Whereabouts.deliver(name);
                try {
                    return delivery.proceed();
                } finally {
                    Whereabouts.delivered();
                }
            });
            return call.proceed();
        }

        private boolean acknowledgesOnReceipt() {
            return queue.endsWith(".inbox") && Defect.INBOX_ACKNOWLEDGES_ON_RECEIPT.isPlanted();
        }

        private Object publish(Object[] arguments, Call call) throws Throwable {
            exchange = contentFor((String) arguments[0]);
            tripwire.pass(PUBLISH, BEFORE, Whereabouts.current(), Set.of(exchange));
            if (exchange.equals(Content.EVENTS) && Defect.OUTBOX_DOES_NOT_WAIT_FOR_CONFIRMS.isPlanted()) {
                var unused = later.schedule(() -> publishLate(call), 300, TimeUnit.MILLISECONDS);
                return null;
            }
            return call.proceed();
        }

        private static void publishLate(Call call) {
            try {
                call.proceed();
            } catch (Throwable e) {
                throw new IllegalStateException("A message was lost, as planted", e);
            }
        }

        private Object confirm(Call call) throws Throwable {
            String where = Whereabouts.current();
            tripwire.pass(CONFIRM, BEFORE, where, Set.of(exchange));
            boolean late = exchange.equals(Content.EVENTS) && Defect.OUTBOX_DOES_NOT_WAIT_FOR_CONFIRMS.isPlanted();
            Object taken = late || call.proceed().equals(true) || Defect.OUTBOX_IGNORES_RETURNS.isPlanted();
            WatchedDatabase.confirmed();
            tripwire.pass(CONFIRM, AFTER, where, Set.of(exchange));
            return taken;
        }

        private Object acknowledge(Call call) throws Throwable {
            if (acknowledgesOnReceipt()) {
                return null;
            }
            tripwire.pass(ACKNOWLEDGE, BEFORE, queue, Set.of());
            Object result = call.proceed();
            tripwire.pass(ACKNOWLEDGE, AFTER, queue, Set.of());
            return result;
        }
    }

    private static String contentFor(String exchange) {
        if (exchange.endsWith("waybill.events")) {
            return Content.EVENTS;
        }
        return exchange.endsWith("waybill.commands") ? Content.COMMANDS : "";
    }
}
