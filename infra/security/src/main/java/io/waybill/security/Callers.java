package io.waybill.security;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/** Reads the caller out of a token that has been verified. */
public final class Callers {

    private final SecuritySettings settings;

    public Callers(SecuritySettings settings) {
        this.settings = settings;
    }

    public Caller of(Jwt token) {
        List<String> roles = roles(token.getClaims().get(settings.rolesClaim()));
        boolean everyoneBuys = settings.customerRole().isEmpty();
        return new Caller(
                customerId(token.getSubject()),
                email(token),
                everyoneBuys || roles.contains(settings.customerRole()),
                roles.contains(settings.operatorRole()));
    }

    /** Ours as they are; of a subject that a foreign provider formed differently, a fingerprint. */
    static CustomerId customerId(String subject) {
        if (subject.matches("[A-Za-z0-9._-]{1,64}")) {
            return CustomerId.of(subject);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return CustomerId.of(
                    "ext_" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static Optional<EmailAddress> email(Jwt token) {
        boolean refuted = Boolean.FALSE.equals(token.getClaims().get("email_verified"));
        if (refuted || !(token.getClaims().get("email") instanceof String email)) {
            return Optional.empty();
        }
        try {
            return Optional.of(EmailAddress.of(email));
        } catch (InvalidValueException e) {
            // A foreign provider may know addresses that we cannot write to; everything else works without one.
            return Optional.empty();
        }
    }

    private static List<String> roles(@Nullable Object claim) {
        return switch (claim) {
            case Collection<?> many -> many.stream().map(String::valueOf).toList();
            case String one -> List.of(one.split(" ", -1));
            case null, default -> List.of();
        };
    }
}
