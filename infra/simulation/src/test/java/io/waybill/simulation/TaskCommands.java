package io.waybill.simulation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.Registration;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.jspecify.annotations.Nullable;

/** The commands of a task: each of them is one effect, and a process may crash as soon as it is committed. */
@SuppressWarnings("TypeParameterUnusedInFormals") // So says Axon's interface.
final class TaskCommands implements CommandGateway {

    private final CommandBus bus;
    private final TaskQueue tasks;
    private final Faults faults;

    TaskCommands(CommandBus bus, TaskQueue tasks, Faults faults) {
        this.bus = bus;
        this.tasks = tasks;
        this.faults = faults;
    }

    @Override
    public <R extends @Nullable Object> R sendAndWait(Object command) {
        return tasks.effect(() -> this.<R>carryOut(command));
    }

    private <R extends @Nullable Object> R carryOut(Object command) {
        FutureCallback<Object, R> callback = new FutureCallback<>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), callback);
        CommandResultMessage<? extends R> result = callback.getResult();
        if (result.isExceptional()) {
            throw result.exceptionResult() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(result.exceptionResult());
        }
        faults.mayCrash(CrashPoint.AFTER_COMMIT);
        return result.getPayload();
    }

    @Override
    public <R> R sendAndWait(Object command, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <C, R> void send(C command, CommandCallback<? super C, ? super R> callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R> CompletableFuture<R> send(Object command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration registerDispatchInterceptor(
            MessageDispatchInterceptor<? super CommandMessage<?>> dispatchInterceptor) {
        throw new UnsupportedOperationException();
    }
}
