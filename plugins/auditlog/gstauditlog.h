/* auditlog: records which ID went to which address in which minute.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_AUDIT_LOG (gst_audit_log_get_type())
G_DECLARE_FINAL_TYPE(GstAuditLog, gst_audit_log, GST, AUDIT_LOG, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE(auditlog)

G_END_DECLS
