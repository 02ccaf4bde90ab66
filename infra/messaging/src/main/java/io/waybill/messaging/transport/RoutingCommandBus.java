package io.waybill.messaging.transport;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.logging.LoggedOrder;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.tracing.Tracing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.commandhandling.callbacks.LoggingCallback;
import org.axonframework.common.Registration;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the own context's commands here and sends the others' to their queues. A local command that is not part of a
 * larger transaction and loses a race for its aggregate is run again.
 */
final class RoutingCommandBus implements CommandBus {

    /**
     * How long a command is tried again that loses races. Who wins is chance, so among busy instances some command
     * loses many in a row; a gateway waits a little longer.
     */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONGEST_PAUSE_MILLIS = 50;

    private final CommandBus local;
    private final CommandSender sender;
    private final MessageCatalogue catalogue;
    private final Tracing tracing;
    private final MessagingMeters meters;

    RoutingCommandBus(
            CommandBus local,
            CommandSender sender,
            MessageCatalogue catalogue,
            Tracing tracing,
            MessagingMeters meters) {
        this.local = local;
        this.sender = sender;
        this.catalogue = catalogue;
        this.tracing = tracing;
        this.meters = meters;
    }

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
        dispatch(command, LoggingCallback.INSTANCE);
    }

    @Override
    @SuppressWarnings("NullAway") // Another context's command has no result, which Axon says with null.
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        MessageType foreign = catalogue
                .ofPayload(command.getPayloadType())
                .filter(type -> type.kind() == MessageType.Kind.FOREIGN_COMMAND)
                .orElse(null);
        if (foreign != null) {
            sender.send(
                    command,
                    foreign,
                    () -> callback.onResult(command, GenericCommandResultMessage.asCommandResultMessage(null)));
        } else if (isPartOfEventBatch()) {
            sender.afterConfirms(() -> dispatchOrThrow(command, callback));
        } else if (CurrentUnitOfWork.isStarted()) {
            callback.onResult(command, carryOut(command));
        } else {
            callback.onResult(command, dispatchWithRetry(command));
        }
    }

    private static boolean isPartOfEventBatch() {
        return CurrentUnitOfWork.isStarted() && CurrentUnitOfWork.get().root() instanceof BatchingUnitOfWork<?>;
    }

    /** A failure must end the batch's transaction, whether or not the sender looks at the result. */
    private <C, R> void dispatchOrThrow(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        CommandResultMessage<? extends R> message = carryOut(command);
        callback.onResult(command, message);
        if (message.isExceptional()) {
            Throwable failure = message.exceptionResult();
            throw failure instanceof RuntimeException unchecked
                    ? unchecked
                    : new CommandExecutionException("A local command failed", failure);
        }
    }

    private <C, R> CommandResultMessage<? extends R> dispatchWithRetry(CommandMessage<C> command) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            CommandResultMessage<? extends R> message = carryOut(command);
            if (!message.isExceptional()
                    || System.nanoTime() - begin > PATIENCE_NANOS
                    || !isConflict(message.exceptionResult())
                    || !pause(attempt)) {
                return message;
            }
            meters.commandRetried(command.getPayloadType());
        }
    }

    /** With its transaction, where it begins one. */
    private <C, R> CommandResultMessage<? extends R> carryOut(CommandMessage<C> command) {
        return LoggedOrder.in(command.getPayload(), () -> this.<C, R>carryOutTraced(command));
    }

    private <C, R> CommandResultMessage<? extends R> carryOutTraced(CommandMessage<C> command) {
        Span span = tracing.start(
                SpanKind.INTERNAL, "handle " + command.getPayloadType().getSimpleName());
        tracing.describe(span, command.getPayload());
        long begin = System.nanoTime();
        return Tracing.in(span, () -> {
            FutureCallback<C, R> result = new FutureCallback<>();
            local.dispatch(command, result);
            CommandResultMessage<? extends R> message = result.getResult();
            Throwable failure = message.isExceptional() ? message.exceptionResult() : null;
            meters.commandHandled(command.getPayloadType(), failure, isConflict(failure), System.nanoTime() - begin);
            if (message.isExceptional()) {
                Tracing.failed(span, message.exceptionResult());
            }
            return message;
        });
    }

    private static boolean isConflict(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConcurrencyException) {
                return true;
            }
        }
        return false;
    }

    private static boolean pause(int attempt) {
        try {
            long longest = Math.min(8L * attempt, LONGEST_PAUSE_MILLIS);
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(1, longest));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Registration subscribe(String commandName, MessageHandler<? super CommandMessage<?>> handler) {
        return local.subscribe(commandName, handler);
    }

    @Override
    public Registration registerDispatchInterceptor(MessageDispatchInterceptor<? super CommandMessage<?>> interceptor) {
        return local.registerDispatchInterceptor(interceptor);
    }

    @Override
    public Registration registerHandlerInterceptor(MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
        return local.registerHandlerInterceptor(interceptor);
    }
}
