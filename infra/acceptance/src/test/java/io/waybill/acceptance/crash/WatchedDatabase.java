package io.waybill.acceptance.crash;

import static io.waybill.acceptance.crash.Deed.COMMIT;
import static io.waybill.acceptance.crash.Deed.WRITE;
import static io.waybill.acceptance.crash.Moment.AFTER;
import static io.waybill.acceptance.crash.Moment.BEFORE;

import io.waybill.acceptance.crash.Proxies.Call;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Tells the tripwire of statements and commits; the broker's confirms belong to the transaction that waits for them.
 */
final class WatchedDatabase {

    private static final ThreadLocal<Boolean> CONFIRMED = ThreadLocal.withInitial(() -> false);

    private final Tripwire tripwire;

    WatchedDatabase(Tripwire tripwire) {
        this.tripwire = tripwire;
    }

    /** The broker has taken what this thread published. */
    static void confirmed() {
        CONFIRMED.set(true);
    }

    DataSource before(DataSource target) {
        return (DataSource) Proxies.before(target, DataSource.class::equals, (method, arguments, call) -> {
            Object result = call.proceed();
            return result instanceof Connection connection ? new Watched(connection).proxy() : result;
        });
    }

    private final class Watched {

        private final Connection target;
        private final Set<String> content = new HashSet<>();

        Watched(Connection target) {
            this.target = target;
        }

        Connection proxy() {
            return (Connection) Proxies.before(target, Connection.class::equals, this::around);
        }

        private Object around(Method method, Object[] arguments, Call call) throws Throwable {
            return switch (method.getName()) {
                case "prepareStatement" -> prepare(arguments, call);
                case "commit" -> commit(call);
                case "rollback", "close", "setAutoCommit" -> {
                    content.clear();
                    CONFIRMED.remove();
                    yield call.proceed();
                }
                default -> call.proceed();
            };
        }

        private Object prepare(Object[] arguments, Call call) throws Throwable {
            String sql = (String) arguments[0];
            arguments[0] = Defect.rewrite(sql);
            Set<String> about = Content.of(sql);
            Object statement = call.proceed();
            return about.isEmpty()
                    ? statement
                    : Proxies.before(
                            statement,
                            PreparedStatement.class::equals,
                            (method, given, execution) -> method.getName().startsWith("execute")
                                    ? execute(about, execution)
                                    : execution.proceed());
        }

        private Object execute(Set<String> about, Call execution) throws Throwable {
            try {
                tripwire.pass(WRITE, BEFORE, Whereabouts.current(), about);
            } catch (SQLException e) {
                if (Defect.HANDLER_SWALLOWS_FAILURES.isPlanted()) {
                    return 1;
                }
                throw e;
            }
            content.addAll(about);
            if (target.getAutoCommit()) {
                return commit(execution);
            }
            Object result = execution.proceed();
            if (about.contains(Content.DEADLINE) && Defect.DEADLINE_FORGOTTEN_FIRST.isPlanted()) {
                target.commit();
            }
            return result;
        }

        private Object commit(Call call) throws Throwable {
            if (CONFIRMED.get()) {
                content.add(Content.PUBLISHED);
            }
            Set<String> all = Set.copyOf(content);
            content.clear();
            CONFIRMED.remove();
            if (all.isEmpty()) {
                return call.proceed();
            }
            tripwire.pass(COMMIT, BEFORE, Whereabouts.current(), all);
            Object result = call.proceed();
            tripwire.pass(COMMIT, AFTER, Whereabouts.current(), all);
            return result;
        }
    }
}
