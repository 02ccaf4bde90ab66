package io.waybill.messaging;

import io.waybill.kernel.Command;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/** Finds the aggregate of a command through {@link Command#target()}, so that published records need no annotations. */
public final class KernelCommandTargetResolver implements CommandTargetResolver {

    @Override
    public VersionedAggregateIdentifier resolveTarget(CommandMessage<?> message) {
        if (message.getPayload() instanceof Command command) {
            return new VersionedAggregateIdentifier((Object) command.target(), null);
        }
        throw new IllegalArgumentException(message.getPayloadType().getName() + " is no Command and names no target");
    }
}
