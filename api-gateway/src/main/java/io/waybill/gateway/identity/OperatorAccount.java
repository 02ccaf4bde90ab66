package io.waybill.gateway.identity;

import io.waybill.kernel.EmailAddress;
import io.waybill.security.SecuritySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * The operators' first account. Its password is what {@code WAYBILL_OPERATOR_PASSWORD} says, else what the file in the
 * data folder says; where neither says one and there is no account yet, it is drawn and written to that file.
 */
final class OperatorAccount implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorAccount.class);
    private static final int PASSWORD_BYTES = 18;

    private final Users users;
    private final Passwords passwords;
    private final EmailAddress email;
    private final String given;
    private final Path folder;
    private final Path file;

    OperatorAccount(Users users, Passwords passwords, EmailAddress email, String given, Path folder) {
        this.users = users;
        this.passwords = passwords;
        this.email = email;
        this.given = given;
        this.folder = folder;
        this.file = folder.resolve("operator-password");
    }

    @Override
    public void afterPropertiesSet() {
        var known = users.find(email);
        if (known.isEmpty()) {
            var password = passwordOrDraw();
            users.add(new User(
                    "opr_" + UUID.randomUUID(),
                    email,
                    "Operator",
                    passwords.hash(password),
                    SecuritySettings.OPERATOR));
            return;
        }
        var password = givenOrKept();
        if (!password.isEmpty() && !passwords.matches(password, known.get().passwordHash())) {
            users.changePassword(known.get().id(), passwords.hash(password));
            LOG.info("The operator's password was changed");
        }
    }

    private String passwordOrDraw() {
        var password = givenOrKept();
        return password.isEmpty() ? draw() : password;
    }

    private String givenOrKept() {
        try {
            if (!given.isEmpty()) {
                return given;
            }
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException("The operator's password cannot be read from " + file, e);
        }
    }

    private String draw() {
        var bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        try {
            OwnerOnly.createFolders(folder);
            OwnerOnly.write(file, password + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("The operator's password cannot be kept in " + file, e);
        }
        LOG.info("The operator's account is {}; its password was drawn and is kept in {}", email.value(), file);
        return password;
    }
}
