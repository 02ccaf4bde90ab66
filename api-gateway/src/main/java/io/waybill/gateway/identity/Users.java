package io.waybill.gateway.identity;

import io.waybill.kernel.EmailAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the accounts. */
final class Users {

    private final JdbcClient jdbc;

    Users(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the address was free. */
    boolean add(User user) {
        return jdbc.sql("""
            insert into account (id, email, name, password_hash, role)
            values (:id, :email, :name, :hash, :role)
            on conflict (email) do nothing\
            """)
                        .param("id", user.id())
                        .param("email", user.email().value())
                        .param("name", user.name())
                        .param("hash", user.passwordHash())
                        .param("role", user.role())
                        .update()
                == 1;
    }

    Optional<User> find(EmailAddress email) {
        return jdbc.sql("select * from account where email = :email")
                .param("email", email.value())
                .query((row, number) -> user(row))
                .optional();
    }

    void changePassword(String id, String hash) {
        jdbc.sql("update account set password_hash = :hash where id = :id")
                .param("hash", hash)
                .param("id", id)
                .update();
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                row.getString("id"),
                EmailAddress.of(row.getString("email")),
                row.getString("name"),
                row.getString("password_hash"),
                row.getString("role"));
    }
}
