// SPDX-License-Identifier: LGPL-2.1-or-later
#include "guarded_stream.hpp"

#include <memory>
#include <new>

#include "launcher/base/unref_object.hpp"
#include "request_head.hpp"

namespace {

using launcher::RequestHead;

struct GuardedInput {
  GFilterInputStream parent;
  RequestHead head;
};
struct GuardedInputClass {
  GFilterInputStreamClass parent;
};

struct GuardedStream {
  GIOStream parent;
  std::unique_ptr<GIOStream, launcher::UnrefObject> base;
  std::unique_ptr<GInputStream, launcher::UnrefObject> input;
  bool given_away;  ///< somebody else closes the base
};
struct GuardedStreamClass {
  GIOStreamClass parent;
};

void implement_pollable(GPollableInputStreamInterface* interface, gpointer);

G_DEFINE_TYPE_WITH_CODE(GuardedInput, guarded_input, G_TYPE_FILTER_INPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM, implement_pollable))
G_DEFINE_TYPE(GuardedStream, guarded_stream, G_TYPE_IO_STREAM)

GuardedInput* input_of(gpointer stream) { return static_cast<GuardedInput*>(stream); }
GuardedStream* guard_of(gpointer stream) { return static_cast<GuardedStream*>(stream); }
GInputStream* base_of(gpointer stream) { return g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(stream)); }

gssize looked_at(gpointer stream, const void* bytes, gssize size, GError** error) {
  if (size <= 0 || input_of(stream)->head.take(static_cast<const char*>(bytes), static_cast<std::size_t>(size)))
    return size;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The head of the request cannot be read.");
  return -1;
}

gssize read_some(GInputStream* stream, void* buffer, gsize count, GCancellable* cancellable, GError** error) {
  return looked_at(stream, buffer, g_input_stream_read(base_of(stream), buffer, count, cancellable, error), error);
}

gssize read_what_is_there(GPollableInputStream* stream, void* buffer, gsize count, GError** error) {
  GPollableInputStream* base = G_POLLABLE_INPUT_STREAM(base_of(stream));
  return looked_at(stream, buffer, g_pollable_input_stream_read_nonblocking(base, buffer, count, nullptr, error),
                   error);
}

gboolean is_readable(GPollableInputStream* stream) {
  return g_pollable_input_stream_is_readable(G_POLLABLE_INPUT_STREAM(base_of(stream)));
}

GSource* create_source(GPollableInputStream* stream, GCancellable* cancellable) {
  GSource* base = g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(base_of(stream)), cancellable);
  GSource* source = g_pollable_source_new_full(stream, base, nullptr);
  g_source_unref(base);
  return source;
}

void implement_pollable(GPollableInputStreamInterface* interface, gpointer) {
  interface->is_readable = is_readable;
  interface->create_source = create_source;
  interface->read_nonblocking = read_what_is_there;
}

void guarded_input_init(GuardedInput* self) { new (&self->head) RequestHead; }

void guarded_input_finalize(GObject* object) {
  input_of(object)->head.~RequestHead();
  G_OBJECT_CLASS(guarded_input_parent_class)->finalize(object);
}

void guarded_input_class_init(GuardedInputClass* input_class) {
  G_OBJECT_CLASS(input_class)->finalize = guarded_input_finalize;
  G_INPUT_STREAM_CLASS(input_class)->read_fn = read_some;
}

gboolean close_base(GIOStream* stream, GCancellable* cancellable, GError** error) {
  const GuardedStream* self = guard_of(stream);
  return self->given_away ? TRUE : g_io_stream_close(self->base.get(), cancellable, error);
}

void guarded_stream_init(GuardedStream* self) {
  new (&self->base) std::unique_ptr<GIOStream, launcher::UnrefObject>;
  new (&self->input) std::unique_ptr<GInputStream, launcher::UnrefObject>;
}

void guarded_stream_finalize(GObject* object) {
  std::destroy_at(&guard_of(object)->input);
  std::destroy_at(&guard_of(object)->base);
  G_OBJECT_CLASS(guarded_stream_parent_class)->finalize(object);
}

void guarded_stream_class_init(GuardedStreamClass* stream_class) {
  G_OBJECT_CLASS(stream_class)->finalize = guarded_stream_finalize;
  GIOStreamClass* io = G_IO_STREAM_CLASS(stream_class);
  io->get_input_stream = [](GIOStream* stream) { return guard_of(stream)->input.get(); };
  io->get_output_stream = [](GIOStream* stream) { return g_io_stream_get_output_stream(guard_of(stream)->base.get()); };
  io->close_fn = close_base;
}

}  // namespace

GIOStream* launcher::guarded_stream_new(GIOStream* base) {
  auto* stream = static_cast<GuardedStream*>(g_object_new(guarded_stream_get_type(), nullptr));
  stream->base.reset(static_cast<GIOStream*>(g_object_ref(base)));
  stream->input.reset(static_cast<GInputStream*>(g_object_new(guarded_input_get_type(), "base-stream",
                                                              g_io_stream_get_input_stream(base), "close-base-stream",
                                                              FALSE, nullptr)));
  return &stream->parent;
}

GIOStream* launcher::take_base_stream(GIOStream* stream) {
  const std::unique_ptr<GIOStream, UnrefObject> owned(stream);
  // libsoup has a stream of its own around the one that it was given.
  GIOStream* inner = nullptr;
  g_object_get(stream, "base-iostream", &inner, nullptr);
  const std::unique_ptr<GIOStream, UnrefObject> guarded(inner);
  // It may still ask for what it reads and writes with, as it lets go.
  guard_of(inner)->given_away = true;
  return static_cast<GIOStream*>(g_object_ref(guard_of(inner)->base.get()));
}
