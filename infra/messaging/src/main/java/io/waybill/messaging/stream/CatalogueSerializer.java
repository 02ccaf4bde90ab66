package io.waybill.messaging.stream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Axon's JSON serializer with the type names of the {@link MessageCatalogue} in place of class names: a stored name
 * that is not in the catalogue stays an {@link UnknownSerializedType}, and no class is ever loaded by name. A whole
 * number in metadata is read as a {@code Long}, however small, so that a handler can name it as one.
 */
public final class CatalogueSerializer extends JacksonSerializer {

    private final MessageCatalogue catalogue;

    public CatalogueSerializer(MessageCatalogue catalogue, ObjectMapper mapper) {
        super(JacksonSerializer.builder().objectMapper(mapper.copy().enable(DeserializationFeature.USE_LONG_FOR_INTS)));
        this.catalogue = catalogue;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class classForType(SerializedType type) {
        if (SerializedType.emptyType().equals(type)) {
            return Void.class;
        }
        if (MetaData.class.getName().equals(type.getName())) {
            return MetaData.class;
        }
        return catalogue
                .named(type.getName())
                .<Class<?>>map(MessageType::payload)
                .orElse(UnknownSerializedType.class);
    }

    /** @throws SerializationException for any revision but the current one, which others are made into by upcasters */
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Axon's signature.
    public <S, T> T deserialize(SerializedObject<S> serializedObject) {
        requireCurrent(serializedObject.getType());
        return super.deserialize(serializedObject);
    }

    private void requireCurrent(SerializedType type) {
        catalogue.named(type.getName()).ifPresent(known -> {
            if (!Integer.toString(known.revision()).equals(type.getRevision())) {
                throw new SerializationException("revision " + type.getRevision() + " of " + type.getName()
                        + " is not known here, but " + known.revision());
            }
        });
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(@Nullable Class type) {
        if (type == null || Void.TYPE.equals(type) || Void.class.equals(type)) {
            return SerializedType.emptyType();
        }
        if (MetaData.class.isAssignableFrom(type)) {
            return new SimpleSerializedType(MetaData.class.getName(), null);
        }
        @SuppressWarnings("unchecked")
        MessageType known = catalogue
                .ofPayload(type)
                .orElseThrow(() -> new SerializationException(
                        type.getName() + " is not in the message catalogue of context " + catalogue.context()));
        return new SimpleSerializedType(known.qualifiedName(), Integer.toString(known.revision()));
    }
}
