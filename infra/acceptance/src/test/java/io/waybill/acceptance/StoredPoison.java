package io.waybill.acceptance;

import io.waybill.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The first event of an aggregate, of which nothing is left that anybody could read. Whoever needs the aggregate fails.
 */
record StoredPoison(TestDatabase database, String aggregate, String payload) {

    private static final String UNREADABLE = "[1]";

    static StoredPoison in(TestDatabase database, String aggregate) {
        var poison = new StoredPoison(database, aggregate, change(database, aggregate, UNREADABLE));
        if (poison.payload().isEmpty()) {
            throw new IllegalStateException("Nothing is stored of " + aggregate);
        }
        return poison;
    }

    void repair() {
        change(database, aggregate, payload);
    }

    /** Returns what stood there before. */
    private static String change(TestDatabase database, String aggregate, String payload) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                    update event_stream changed set payload = ? from event_stream original
                     where original.position = changed.position and changed.local
                       and changed.subject = ? and changed.sequence_number = 0 returning original.payload\
                    """)) {
            statement.setString(1, payload);
            statement.setString(2, aggregate);
            try (var found = statement.executeQuery()) {
                return found.next() ? found.getString(1) : "";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
