/* gst-steg: the two metas that travel with marked buffers.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Both are custom metas (gst_meta_register_custom), so a reader needs no library of ours: the names of the
 * metas and of their fields are the interface. They survive videoconvert, videoscale, queues and tees, and
 * end where a buffer is encoded.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* NOLINTBEGIN(modernize-use-nullptr): this header is C, too. */

/* Attached by framediff to every frame.
 *   score       gdouble   distance to the reference frame, in the unit of framediff's method
 *   duplicate   gboolean  TRUE if the frame is nearly the same as the reference frame
 *   run-length  guint     how many duplicates in a row end with this frame; 0 for a fresh frame
 *   sequence    guint64   number of this frame, counted by framediff from 1 and never reset
 *   reference   guint64   sequence of the frame that this one repeats; its own for a fresh frame */
#define GST_FRAME_DIFFERENCE_META_NAME "GstFrameDifferenceMeta"

/* Attached by stegencode to every frame.
 *   id                 gchar*  the 1 to 7 byte ID that this frame carries; for a segment "segment 1234 b"
 *   epoch              guint   0 to 7
 *   key-fingerprint    gchar*  16 hexadecimal digits
 *   model-fingerprint  gchar*  16 hexadecimal digits
 *   action             gchar*  "encode", "repeat" or "residual": how the mark came into this frame */
#define GST_STEG_MARK_META_NAME "GstStegMarkMeta"

static inline void gst_steg_metas_register(void) {
  static const gchar* no_tags[] = {NULL};
  /* Each of the plugins calls this; a second registration of a name would be a CRITICAL. */
  if (!gst_meta_get_info(GST_FRAME_DIFFERENCE_META_NAME))
    gst_meta_register_custom(GST_FRAME_DIFFERENCE_META_NAME, no_tags, NULL, NULL, NULL);
  if (!gst_meta_get_info(GST_STEG_MARK_META_NAME))
    gst_meta_register_custom(GST_STEG_MARK_META_NAME, no_tags, NULL, NULL, NULL);
}

/* The fields of a buffer's meta of that name, owned by the buffer; NULL if it has none. */
static inline const GstStructure* gst_steg_meta_get(GstBuffer* buffer, const gchar* name) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, name);
  return meta ? gst_custom_meta_get_structure(meta) : NULL;
}

/* The writable fields of a meta of that name, added to the (writable) buffer if it has none yet. */
static inline GstStructure* gst_steg_meta_ensure(GstBuffer* buffer, const gchar* name) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, name);
  if (!meta) meta = gst_buffer_add_custom_meta(buffer, name);
  return meta ? gst_custom_meta_get_structure(meta) : NULL;
}

/* NOLINTEND(modernize-use-nullptr) */

G_END_DECLS
