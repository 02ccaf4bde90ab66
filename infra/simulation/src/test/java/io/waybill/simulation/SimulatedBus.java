package io.waybill.simulation;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
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
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Runs the own context's commands here and hands the others' to the broker, in the order that production does: first
 * the broker confirms all foreign commands of a batch of events, then its local ones run, then the transaction commits.
 */
final class SimulatedBus implements CommandBus {

    private static final String KEY = SimulatedBus.class.getName();

    private record Batch(List<Broker.Outgoing> foreign, List<Runnable> local) {}

    private final CommandBus local;
    private final Broker broker;
    private final MessageCatalogue catalogue;
    private final Tally tally;

    SimulatedBus(CommandBus local, Broker broker, MessageCatalogue catalogue, Tally tally) {
        this.local = local;
        this.broker = broker;
        this.catalogue = catalogue;
        this.tally = tally;
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
        if (!isPartOfEventBatch()) {
            local.dispatch(command, callback);
            return;
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        tally.count(root.getMessage().getPayloadType().getSimpleName() + " > "
                + command.getPayloadType().getSimpleName());
        Batch batch = batch(root);
        if (foreign == null) {
            batch.local().add(() -> dispatchOrThrow(command, callback));
        } else {
            batch.foreign().add(new Broker.Outgoing(foreign.context(), command));
            callback.onResult(command, GenericCommandResultMessage.asCommandResultMessage(null));
        }
    }

    private static boolean isPartOfEventBatch() {
        return CurrentUnitOfWork.isStarted() && CurrentUnitOfWork.get().root() instanceof BatchingUnitOfWork<?>;
    }

    private Batch batch(UnitOfWork<?> root) {
        return root.getOrComputeResource(KEY, key -> {
            Batch batch = new Batch(new ArrayList<>(), new ArrayList<>());
            root.onPrepareCommit(preparing -> {
                broker.publishCommands(batch.foreign());
                batch.local().forEach(Runnable::run);
            });
            return batch;
        });
    }

    private <C, R> void dispatchOrThrow(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        FutureCallback<C, R> result = new FutureCallback<>();
        local.dispatch(command, result);
        CommandResultMessage<? extends R> message = result.getResult();
        callback.onResult(command, message);
        if (message.isExceptional()) {
            throw message.exceptionResult() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(message.exceptionResult());
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
