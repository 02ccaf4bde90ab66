package io.waybill.gateway.identity;

import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.InvalidValueException;
import io.waybill.security.SecuritySettings;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Opens accounts and checks passwords, on threads of its own: both read the database and work hard. When more wait than
 * those can serve soon, the next is told to come again.
 */
final class Accounts {

    private final Users users;
    private final Passwords passwords;
    private final ExecutorService threads;

    Accounts(Users users, Passwords passwords, ExecutorService threads) {
        this.users = users;
        this.passwords = passwords;
        this.threads = threads;
    }

    Mono<User> register(EmailAddress email, String password, String name) {
        Passwords.require(password, email.value());
        return work(() -> {
            var hash = passwords.hash(password);
            var user = new User("cus_" + UUID.randomUUID(), email, name, hash, SecuritySettings.CUSTOMER);
            if (!users.add(user)) {
                throw new RefusedRequest(ProblemCode.EMAIL_TAKEN);
            }
            return user;
        });
    }

    /** The account of the address, if the password is its own. Does the same work whatever is wrong. */
    Mono<User> logIn(String email, String password) {
        return work(() -> {
            var user = addressOf(email).flatMap(users::find);
            var right = passwords.matches(password, user.map(User::passwordHash).orElse(null));
            return user.filter(known -> right).orElseThrow(() -> new RefusedRequest(ProblemCode.INVALID_CREDENTIALS));
        });
    }

    private static Optional<EmailAddress> addressOf(String text) {
        try {
            return Optional.of(EmailAddress.of(text));
        } catch (InvalidValueException e) {
            // What is no address belongs to nobody, and is answered like any other that does.
            return Optional.empty();
        }
    }

    private <T> Mono<T> work(Supplier<T> work) {
        return Mono.fromSupplier(work)
                .subscribeOn(Schedulers.fromExecutorService(threads))
                .onErrorMap(Accounts::isForLater, Accounts::later);
    }

    private static boolean isForLater(Throwable failure) {
        return failure instanceof DataAccessException || failure instanceof RejectedExecutionException;
    }

    private static Throwable later(Throwable failure) {
        return new RefusedRequest(ProblemCode.TEMPORARILY_UNAVAILABLE, failure);
    }
}
