package io.waybill.messaging.stream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Asks PostgreSQL for the plan of each query that goes through it, with the query's own parameters. */
final class ExplainedDataSource extends DelegatingDataSource {

    private final List<String> plans = new ArrayList<>();

    ExplainedDataSource(DataSource database) {
        super(database);
    }

    /** The plan of the one query that ran since the last time. */
    String plan() {
        if (plans.size() != 1) {
            throw new IllegalStateException("one query was expected, not " + plans);
        }
        return plans.remove(0);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    Object result = call(connection, method, args);
                    return switch (method.getName()) {
                        case "prepareStatement" -> explained(connection, (String) args[0], (PreparedStatement) result);
                        case "createStatement" -> explained(connection, (Statement) result);
                        default -> result;
                    };
                });
    }

    private Statement explained(Connection connection, Statement statement) {
        return (Statement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, args) -> {
                    if (method.getName().equals("executeQuery")) {
                        plans.add(explain(connection, (String) args[0], Map.of()));
                    }
                    return call(statement, method, args);
                });
    }

    private PreparedStatement explained(Connection connection, String sql, PreparedStatement statement) {
        Map<Integer, Object> parameters = new LinkedHashMap<>();
        return (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, args) -> {
                    if (method.getName().matches("set(String|Object)")) {
                        parameters.put((Integer) args[0], args[1]);
                    } else if (method.getName().equals("executeQuery")) {
                        plans.add(explain(connection, sql, parameters));
                    }
                    return call(statement, method, args);
                });
    }

    private static String explain(Connection connection, String sql, Map<Integer, Object> parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("explain " + sql)) {
            for (Map.Entry<Integer, Object> parameter : parameters.entrySet()) {
                statement.setObject(parameter.getKey(), parameter.getValue());
            }
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery()) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
