package io.waybill.gateway.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.InvalidValueException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** People open accounts and log in. */
@RestController
@ConditionalOnExpression(OwnAccounts.CONDITION)
@RequestMapping(path = "/api/users", produces = MediaType.APPLICATION_JSON_VALUE)
final class UsersController {

    private static final int LONGEST_NAME = 100;

    record Registration(
            @Nullable String email,
            @Nullable String password,
            @Nullable String name) {

        @Override
        public String toString() {
            return "Registration[hidden]";
        }
    }

    record Credentials(@Nullable String email, @Nullable String password) {

        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    record OpenedAccount(String customerId, String email, String name) {}

    record AccessToken(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn) {

        @Override
        public String toString() {
            return "AccessToken[hidden]";
        }
    }

    private final Accounts accounts;
    private final Tokens tokens;

    UsersController(Accounts accounts, Tokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @PostMapping("/register")
    Mono<ResponseEntity<OpenedAccount>> register(@RequestBody Registration request) {
        return accounts.register(address(request.email()), given("password", request.password()), name(request.name()))
                .map(user -> ResponseEntity.status(HttpStatus.CREATED)
                        .cacheControl(CacheControl.noStore())
                        .body(new OpenedAccount(user.id(), user.email().value(), user.name())));
    }

    @PostMapping("/login")
    Mono<ResponseEntity<AccessToken>> logIn(@RequestBody Credentials request) {
        return accounts.logIn(given("email", request.email()), given("password", request.password()))
                .map(user -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .body(new AccessToken(tokens.issue(user), "Bearer", tokens.lifetimeSeconds())));
    }

    private static EmailAddress address(@Nullable String text) {
        try {
            return EmailAddress.of(given("email", text));
        } catch (InvalidValueException e) {
            throw new RefusedRequest(ProblemCode.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    private static String name(@Nullable String text) {
        var name = given("name", text).strip();
        if (name.isEmpty()
                || name.codePointCount(0, name.length()) > LONGEST_NAME
                || name.codePoints().anyMatch(UsersController::isNoText)) {
            throw new RefusedRequest(
                    ProblemCode.INVALID_VALUE, "name is 1 to " + LONGEST_NAME + " printable characters");
        }
        return name;
    }

    /** Control characters, and halves of characters, which no database keeps. */
    private static boolean isNoText(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    private static String given(String field, @Nullable String value) {
        if (value == null) {
            throw new RefusedRequest(ProblemCode.MALFORMED_REQUEST, field + " is missing");
        }
        return value;
    }
}
