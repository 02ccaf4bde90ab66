package io.waybill.messaging;

import io.waybill.kernel.Command;
import java.util.concurrent.CompletableFuture;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;

/**
 * How sagas and policies send commands. A command of the own context runs inside the sender's transaction, and its
 * failure fails that transaction: within a batch of events at its end, otherwise at once. Another context's command
 * goes to its durable queue: the broker has confirmed it before the sender's transaction commits, or that transaction
 * fails; there is no result.
 */
public final class Commands {

    private final CommandBus commandBus;

    public Commands(CommandBus commandBus) {
        this.commandBus = commandBus;
    }

    public void send(Command command) {
        FutureCallback<Command, Object> callback = new FutureCallback<>();
        commandBus.dispatch(new GenericCommandMessage<>(command), callback);
        CompletableFuture<?> result = callback.toCompletableFuture();
        if (result.isDone()) {
            throwIfFailed(callback);
        }
    }

    private static void throwIfFailed(FutureCallback<Command, Object> callback) {
        var result = callback.getResult();
        if (result.isExceptional()) {
            Throwable cause = result.exceptionResult();
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException("The command failed", cause);
        }
    }
}
